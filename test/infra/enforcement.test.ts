import { describe, expect, it } from 'vitest'
import type { Mode, PolicyEntry } from '../../functions/domain/policy.ts'
import { config, list, type Statement, type Synthesised, statementsOf, synthesise } from './synth.ts'

const entry = (repositories: readonly string[], rules: Readonly<Record<string, Mode>>): PolicyEntry => ({
  repositories,
  rules: Object.entries(rules).map(([rule, mode]) => ({ rule, mode, parameters: {}, line: 1 })),
})

const sweepOf = (...regions: readonly string[]) => ({
  ...{ schedule: 'rate(1 day)', slack: [], ownerTag: 'Owner', sla: {}, securityHub: false },
  ...{ regions, accounts: [] as readonly string[] },
})

const withPolicy = (...policy: readonly PolicyEntry[]): Synthesised => synthesise({ ...config, policy })

const isWrite = ({ Action }: Statement): boolean =>
  list(Action).some((action) => /^ecr:(Put|Set|Delete|Tag|Untag|Create|Update|Batch[CD]|Start)/.test(action))

/** Name of the repository in an ARN of the template: `prod/*`. */
const nameIn = (arn: unknown): string => /repository\/[^"]*/.exec(JSON.stringify(arn))?.[0] ?? ''

const writesOf = (stack: Synthesised, path: string) =>
  statementsOf(stack.at(`${path}/Worker/FunctionRole/DefaultPolicy`))
    .filter(isWrite)
    .map(({ Action, Resource }) => ({ actions: list(Action), names: list(Resource).map(nameIn) }))

describe('rules in enforce', () => {
  const stack = withPolicy(
    entry(['prod/**', 'prod/api', 'team-*/web'], { 'tag-immutability': 'enforce', 'scan-on-push': 'report' }),
    entry(['prod/**', 'prod/api', 'team-*/web'], { 'required-tags': 'enforce' }),
    entry(['dev/*'], { 'lifecycle-policy': 'enforce' }),
    entry(['**'], { 'scan-on-push': 'off' }),
  )

  it.each(['PushCheck', 'Watch'])(
    'give %s the right to put them right, on the repositories of their entries',
    (path) => {
      expect(writesOf(stack, path)).toEqual([
        {
          actions: ['ecr:PutImageTagMutability', 'ecr:TagResource'],
          names: ['repository/prod/*', 'repository/team-*/web'],
        },
        { actions: ['ecr:PutLifecyclePolicy'], names: ['repository/dev/*'] },
      ])
    },
  )

  it.each(['ScanAlert', 'Notify'])('give %s no right', (path) => {
    expect(writesOf(stack, path)).toEqual([])
  })
})

describe('rules in enforce, elsewhere', () => {
  const [AGREED, OTHER] = ['222222222222', '333333333333']
  const elsewhere = {
    sweep: { ...sweepOf('us-east-1'), accounts: [AGREED, OTHER] },
    members: { enforce: [AGREED] },
  }
  const enforced = [entry(['prod/**'], { 'tag-immutability': 'enforce' })]
  const stack = synthesise({ ...config, ...elsewhere, policy: enforced })
  const writtenIn = (path: string): string[] =>
    statementsOf(stack.at(`${path}/Worker/FunctionRole/DefaultPolicy`))
      .filter(isWrite)
      .flatMap(({ Resource }) => list(Resource).map((arn) => JSON.stringify(arn)))

  /** Roles of that name which a function may assume. */
  const takenBy = (synthesised: Synthesised, path: string): string[] =>
    statementsOf(synthesised.at(`${path}/Worker/FunctionRole/DefaultPolicy`))
      .filter(({ Action }) => list(Action).includes('sts:AssumeRole'))
      .flatMap(({ Resource }) =>
        list(Resource).map((arn) => /iam::.*:role\/[^"]*/.exec(JSON.stringify(arn))?.[0] ?? ''),
      )
      .filter((arn) => arn.endsWith('ecr-steward-enforce'))

  it.each(['PushCheck', 'Watch'])('let %s write in the regions that are swept', (path) => {
    const [here, there, ...more] = writtenIn(path)
    expect(here).toContain(':ecr:",{"Ref":"AWS::Region"},":",{"Ref":"AWS::AccountId"},":repository/prod/*"')
    expect(there).toContain(':ecr:us-east-1:",{"Ref":"AWS::AccountId"},":repository/prod/*"')
    expect(more).toEqual([])
  })

  it.each(['PushCheck', 'Watch'])('let %s take the role of the accounts that agreed, and of no other', (path) => {
    expect(takenBy(stack, path)).toEqual([`iam::${AGREED}:role/ecr-steward-enforce`])
  })

  it('take no role where no account agreed, or no rule is in enforce', () => {
    const nobody = synthesise({ ...config, ...elsewhere, members: { enforce: [] }, policy: enforced })
    const nothing = [entry(['prod/**'], { 'tag-immutability': 'report' })]
    for (const one of [nobody, synthesise({ ...config, ...elsewhere, policy: nothing })])
      for (const path of ['PushCheck', 'Watch']) expect(takenBy(one, path)).toEqual([])
  })
})

describe('rules with quarantine', () => {
  const AGREED = '222222222222'
  const asked = { rule: 'non-root-user', mode: 'report', parameters: {}, quarantine: true, line: 1 } as const
  const stack = synthesise({
    ...config,
    policy: [{ repositories: ['prod/**'], rules: [asked] }, entry(['**'], { 'non-root-user': 'report' })],
    ...{ sweep: { ...sweepOf('us-east-1'), accounts: [AGREED] }, members: { enforce: [AGREED] } },
  })
  const names = ['repository/prod/*', 'repository/prod/*']

  it('give push-check the right to move tags, in each region that is swept, and watch none', () => {
    expect(writesOf(stack, 'PushCheck')).toEqual([{ actions: ['ecr:BatchDeleteImage', 'ecr:PutImage'], names }])
    expect(writesOf(stack, 'Watch')).toEqual([])
  })

  it('let push-check take the role of the accounts that agreed, and watch not', () => {
    const takes = (path: string): boolean =>
      JSON.stringify(statementsOf(stack.at(`${path}/Worker/FunctionRole/DefaultPolicy`))).includes(
        `:iam::${AGREED}:role/ecr-steward-enforce`,
      )
    expect(['PushCheck', 'Watch'].map(takes)).toEqual([true, false])
  })
})

describe('rules in report, or switched off', () => {
  const stack = withPolicy(entry(['**'], { 'tag-immutability': 'report', 'lifecycle-policy': 'off' }))

  it.each(['PushCheck', 'Watch'])('give %s no right to write', (path) => {
    expect(writesOf(stack, path)).toEqual([])
  })
})

describe('without any rule', () => {
  const stack = withPolicy()

  it('nothing is judged on a push: push-check is not there, and its alarms cost nothing', () => {
    const names = stack.ofType('AWS::CloudWatch::Alarm').map(([, { Properties }]) => String(Properties.AlarmName))
    expect(names.filter((name) => name.includes('push-check'))).toEqual([])
    expect(stack.outputs).not.toHaveProperty('PushCheckQueueUrl')
  })

  it('watch still tells what ECR did not do', () => {
    expect(stack.outputs).toHaveProperty('WatchQueueUrl')
  })
})
