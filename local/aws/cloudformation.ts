import { commonComplaints } from './complaints.ts'
import { AwsError } from './error.ts'
import { handShaped, listOf, STRING } from './protocol/hand-shaped.ts'
import type { Service } from './service.ts'

/** CloudFormation has no client among ours; the shapes are those of its model. */
const { structure, operation } = handShaped('cloudformation')

const OPERATIONS = new Map([
  operation('DescribeStacks', { StackName: STRING }, 0, {
    Stacks: listOf(
      structure('Stack', {
        ...{ StackId: STRING, StackName: STRING, StackStatus: STRING },
        Outputs: listOf(structure('Output', { OutputKey: STRING, OutputValue: STRING })),
      }),
    ),
  }),
])

/** A resource as it was deployed last. */
export type StackResource = {
  readonly type: string
  /** Of a custom resource, its physical id. */
  readonly name: string
  readonly properties: Readonly<Record<string, unknown>>
  readonly isRetained: boolean
  /** What a custom resource has answered. */
  readonly attributes?: Readonly<Record<string, string>>
}

export type Deployed = {
  readonly status: string
  readonly outputs: Readonly<Record<string, string>>
  /** Of the outputs, those for other stacks, by the name of their export. */
  readonly exports?: Readonly<Record<string, string>>
  /** Logical ids of all that it has. */
  readonly contents?: ReadonlySet<string>
  /** Of those, the ones of ECR and the custom resources, by logical id. */
  readonly resources?: ReadonlyMap<string, StackResource>
}

/** Status of each stack, or its status and its outputs, by its ARN. */
export type StacksState = Map<string, string | Deployed>

const nameIn = (arn: string): string => arn.split('/')[1] ?? arn

const asDeployed = (stack: string | Deployed): Deployed =>
  typeof stack === 'string' ? { status: stack, outputs: {} } : stack

function described(arn: string, stack: string | Deployed): object {
  const { status: StackStatus, outputs } = asDeployed(stack)
  const Outputs = Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }))
  return { StackId: arn, StackName: nameIn(arn), StackStatus, Outputs }
}

/**
 * DescribeStacks of stacks by their ARNs or their names: nothing is deployed by it.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
 */
export const cloudFormationService = (stacks: StacksState): Service => ({
  name: 'cloudformation',
  protocol: 'query',
  target: '',
  jsonVersion: '1.1',
  errorNamespace: '',
  xmlNamespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
  operations: OPERATIONS,
  handlers: {
    DescribeStacks({ StackName }: { StackName?: string }) {
      const found = [...stacks].filter(
        ([arn]) => StackName === undefined || arn === StackName || nameIn(arn) === StackName,
      )
      if (StackName !== undefined && found.length === 0)
        throw new AwsError('ValidationError', `Stack with id ${StackName} does not exist`)
      return { Stacks: found.map(([arn, stack]) => described(arn, stack)) }
    },
  },
  complaints: commonComplaints(),
  denied: { code: 'AccessDenied', status: 403 },
  requires: (_, { StackName = '*' }) => [{ action: 'cloudformation:DescribeStacks', resource: String(StackName) }],
})
