import { describe, expect, it } from 'vitest'
import type { CleanUpPolicy } from '../../functions/domain/clean-up/policy.ts'
import { config, list, type Statement, type Synthesised, statementsOf, synthesise } from './synth.ts'

const cleanUp: CleanUpPolicy = {
  mode: 'apply',
  schedule: 'rate(7 days)',
  slack: [],
  atMost: { images: 500, shareOfRepository: 0.2, shareOfRegistry: 0.1 },
  entries: ['ci/**', 'sandbox/*/web'].map((pattern, index) => ({
    ...{ repositories: [pattern], policy: 'ci.json', rules: [], line: index + 1 },
  })),
  inUse: {
    ...{ taskDefinitions: 5, regions: [], pins: [], ignoreAccounts: [] },
    ...{ accounts: ['222222222222'], ignoreSources: ['lambda', 'batch'] },
  },
}

const applying = synthesise({ ...config, cleanUp })
const dry = synthesise({ ...config, cleanUp: { ...cleanUp, mode: 'dry-run', schedule: 'cron(0 3 * * ? *)' } })

const text = (value: unknown): string => JSON.stringify(value)

const statements = ({ ofType }: Synthesised): readonly (readonly [string, Statement])[] =>
  ofType('AWS::IAM::Policy').flatMap(([id, policy]) => statementsOf(policy).map((one) => [id, one] as const))

/** Who may do it, and on what. */
const granted = (stack: Synthesised, action: string): readonly (readonly [string, readonly string[]])[] =>
  statements(stack)
    .filter(([, { Action }]) => list(Action).includes(action))
    .map(([id, { Resource }]) => [id.replace(/[0-9A-F]{8}$/, ''), list(Resource).map(text)])

const RIGHTS = ['ecr:BatchDeleteImage', 'ecr:PutImage', 'ecr:UpdateImageStorageClass']

describe('the right to remove', () => {
  it.each(RIGHTS)(
    '%s is in mode apply, in the role of clean-up alone, on the repositories of the entries',
    (action) => {
      const [[role, resources] = ['', []], ...others] = granted(applying, action)
      expect([role, others]).toEqual(['CleanUpFunctionRoleDefaultPolicy', []])
      expect(resources.map((resource) => /repository\/[^"]*/.exec(resource)?.[0])).toEqual([
        'repository/ci/*',
        'repository/sandbox/*/web',
      ])
    },
  )

  it('is in no role of a dry run', () => {
    const actions = statements(dry).flatMap(([, { Action }]) => list(Action))
    expect(actions).toContain('ecr:DescribeImages')
    expect(actions.filter((action) => /Delete|Remove|PutImage|UpdateImage|Archive|\*/.test(action))).toEqual([
      // Of workers, whose messages are done.
      ...Array.from({ length: 3 }, () => 'sqs:DeleteMessage'),
    ])
  })

  it("is nobody's where no entry says what goes", () => {
    const idle = synthesise({ ...config, cleanUp: { ...cleanUp, entries: [] } })
    for (const action of RIGHTS) expect(granted(idle, action)).toEqual([])
  })
})

describe('what runs', () => {
  it('is read, but for the sources that are ignored', () => {
    expect(granted(applying, 'ecs:ListTasks')).toEqual([['CleanUpFunctionRoleDefaultPolicy', ['"*"']]])
    for (const action of ['lambda:GetFunction', 'batch:DescribeJobDefinitions'])
      expect(granted(applying, action)).toEqual([])
  })

  it('elsewhere is read by a role of each account that is named', () => {
    const [[, resources] = ['', []]] = granted(applying, 'sts:AssumeRole')
    expect(resources.join()).toContain(':iam::222222222222:role/ecr-steward-read')
  })
})

describe('the roles of other accounts', () => {
  const told = (stack: Synthesised) =>
    (stack.at('CleanUp/Function').Properties.Environment as { Variables: object }).Variables

  it('are told the external id that the member stacks were deployed with, where there is one', () => {
    const members = { externalId: 'steward-1', enforce: [] }
    expect(told(synthesise({ ...config, cleanUp, members }))).toMatchObject({ STEWARD_EXTERNAL_ID: 'steward-1' })
    expect(told(dry)).not.toHaveProperty('STEWARD_EXTERNAL_ID')
  })
})

describe('the bucket', () => {
  const { Properties, DeletionPolicy } = applying.at('CleanUp/Store')

  it("stays when the stack goes, is encrypted and nobody's but ours", () => {
    expect(DeletionPolicy).toBe('Retain')
    expect(text(Properties.BucketEncryption)).toContain('AES256')
    expect(Properties.VersioningConfiguration).toEqual({ Status: 'Enabled' })
    expect(Object.values(Properties.PublicAccessBlockConfiguration as object)).toEqual([true, true, true, true])
    const [[, policy] = []] = applying.ofType('AWS::S3::BucketPolicy')
    expect(policy && statementsOf(policy)).toEqual([
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    ])
  })

  it('forgets old plans, and the journal only after 400 days', () => {
    const { Rules } = Properties.LifecycleConfiguration as {
      Rules: readonly {
        Prefix?: unknown
        ExpirationInDays?: number
        NoncurrentVersionExpiration?: { NoncurrentDays: number }
      }[]
    }
    const ofJournal = Rules.filter(
      ({ Prefix }) => Prefix === undefined || /\/journal\/|\{account|^"clean-up\/"$/.test(text(Prefix)),
    )
    expect(
      ofJournal.flatMap((rule) => [rule.ExpirationInDays, rule.NoncurrentVersionExpiration?.NoncurrentDays]),
    ).toEqual([
      ...[400, 400],
      // Of uploads that were never finished.
      ...[undefined, undefined],
    ])
    expect(Rules.find(({ Prefix }) => text(Prefix)?.includes('/plans/'))?.ExpirationInDays).toBe(90)
  })
})

describe('the schedule', () => {
  const [[, schedule] = []] = applying.ofType('AWS::Scheduler::Schedule')

  it('starts the function with the time that it is for, and leaves what it cannot start in the dead-letter queue', () => {
    expect(schedule?.Properties).toMatchObject({
      ...{ ScheduleExpression: 'rate(7 days)', ScheduleExpressionTimezone: 'Etc/UTC', State: 'ENABLED' },
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Input: '{"scheduledTime":"<aws.scheduler.scheduled-time>"}',
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [applying.idOf('CleanUp/DeadLetters'), 'Arn'] } },
        RetryPolicy: { MaximumEventAgeInSeconds: 3_600, MaximumRetryAttempts: 10 },
      },
    })
  })

  it('has a run that fails started twice more, and then left in the dead-letter queue', () => {
    const [[, invoke] = []] = applying.ofType('AWS::Lambda::EventInvokeConfig')
    expect(invoke?.Properties).toMatchObject({
      MaximumRetryAttempts: 2,
      DestinationConfig: {
        OnFailure: { Destination: { 'Fn::GetAtt': [applying.idOf('CleanUp/DeadLetters'), 'Arn'] } },
      },
    })
  })

  it('is missed after a day where it comes daily, and not where it is rarer', () => {
    const missed = (stack: Synthesised) =>
      stack
        .ofType('AWS::CloudWatch::Alarm')
        .filter(([, { Properties }]) => String(Properties.AlarmName).endsWith('missed'))
    expect(missed(applying)).toEqual([])
    expect(missed(dry).map(([, { Properties }]) => Properties)).toEqual([
      expect.objectContaining({ EvaluationPeriods: 26, Period: 3_600, TreatMissingData: 'breaching' }),
    ])
  })
})

it('without a section there is nothing of it', () => {
  const none = synthesise(config)
  expect(text([none.resources, none.outputs])).not.toMatch(/clean-?up/i)
})
