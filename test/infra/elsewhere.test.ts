import { describe, expect, it } from 'vitest'
import { config, list, type Synthesised, shippedConfig, statementsOf, synthesise } from './synth.ts'

const sweep = {
  ...{ schedule: 'rate(1 day)', slack: [], ownerTag: 'Owner', sla: {}, securityHub: false },
  ...{ regions: ['eu-north-1'], accounts: ['222222222222', '333333333333'] },
}
const { policy } = shippedConfig()
const there = synthesise({ ...config, policy, sweep, members: { externalId: 'steward-7', enforce: [] } })
const alone = synthesise({ ...config, policy, sweep: { ...sweep, regions: [], accounts: [] } })
const FUNCTIONS = ['ScanAlert', 'PushCheck', 'Watch']

/** Resources that a function may do something on, as text. */
const granted = (stack: Synthesised, name: string, action: string): string[] =>
  statementsOf(stack.at(`${name}/Worker/FunctionRole/DefaultPolicy`))
    .filter(({ Action }) => list(Action).includes(action))
    .flatMap(({ Resource }) => list(Resource).map((one) => JSON.stringify(one)))

describe.each(FUNCTIONS)('%s', (name) => {
  it('takes the role that reads, of each account that is swept, and no other', () => {
    expect(granted(there, name, 'sts:AssumeRole').map((arn) => /:iam::[^"]*/.exec(arn)?.[0])).toEqual(
      sweep.accounts.map((account) => `:iam::${account}:role/ecr-steward-read`),
    )
    expect(granted(alone, name, 'sts:AssumeRole')).toEqual([])
  })

  it('reads repositories of its own account in all regions that are swept', () => {
    const action = name === 'Watch' ? 'ecr:DescribeRepositories' : 'ecr:DescribeImages'
    expect(granted(there, name, action).map((arn) => /:ecr:([a-z0-9-]*)/.exec(arn)?.[1])).toEqual(['', 'eu-north-1'])
    expect(granted(alone, name, action)).toHaveLength(1)
  })

  it('says what the roles want to be told, where they do', () => {
    const variables = (stack: Synthesised) =>
      (stack.at(`${name}/Worker/Function`).Properties.Environment as { Variables: object }).Variables
    expect(variables(there)).toMatchObject({ STEWARD_EXTERNAL_ID: 'steward-7' })
    expect(variables(alone)).not.toHaveProperty('STEWARD_EXTERNAL_ID')
  })
})
