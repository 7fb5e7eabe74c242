import { Stack, Token } from 'aws-cdk-lib'
import type { Construct, IConstruct } from 'constructs'

/** Whether two stacks are for certain of one account and region. */
const isSamePlace = (one: Stack, other: Stack): boolean =>
  one === other ||
  (!Token.isUnresolved(one.account) &&
    !Token.isUnresolved(one.region) &&
    one.account === other.account &&
    one.region === other.region)

/** All that is in stacks of the account and region of a construct. */
export function neighbours(construct: Construct): readonly IConstruct[] {
  const here = Stack.of(construct)
  const stacks = construct.node.root.node.findAll().filter((one) => Stack.isStack(one))
  return [...new Set(stacks.filter((one) => isSamePlace(one, here)).flatMap((one) => one.node.findAll()))]
}
