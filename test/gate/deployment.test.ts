import { describe, expect, it } from 'vitest'
import type { GateResult } from '../../functions/domain/gate/result.ts'
import { Gone, Unreadable } from '../../functions/faults.ts'
import type { DeploymentConfig, DeploymentImage, Request } from '../../functions/gate/contract.ts'
import { answerDeployment, type DeploymentPorts } from '../../functions/gate/deployment.ts'
import type { GateQuestion } from '../../functions/gate/ports.ts'
import { refusalOf } from '../../functions/gate/refusal.ts'
import { failing, gateResult, hostile, passing, unknown } from '../cli/gate/results.ts'

const [OLD, NEW] = ['4a', '7b'].map((letters) => `sha256:${letters.repeat(32)}`) as [string, string]
const STACK = 'arn:aws:cloudformation:eu-west-1:123456789012:stack/shop/0f0e0d0c'
const IMAGE: DeploymentImage = { Account: '123456789012', Region: 'eu-west-1', Repository: 'shop', Tag: '1.4.2' }
const ID = '123456789012/eu-west-1/shop:1.4.2'

const config: DeploymentConfig = {
  asks: [
    { repositories: ['team/**'], limits: { HIGH: 9 }, limitsFrom: 'steward.yaml line 12', fixableOnly: false },
    { repositories: ['**'], limits: { CRITICAL: 0 }, limitsFrom: 'default', fixableOnly: true },
  ],
  ...{ exceptions: [], lenient: false, startScan: 'missing', timeout: 600_000 },
}

const asked = {
  ResponseURL: 'https://cloudformation.example/answer?signed',
  ...{ StackId: STACK, RequestId: 'request-1', LogicalResourceId: 'Gate' },
}
const create = (image = IMAGE): Request => ({ ...asked, RequestType: 'Create', ResourceProperties: image })
const update = (PhysicalResourceId = `${ID}@${OLD}`, image = IMAGE): Request => ({
  ...{ ...asked, RequestType: 'Update', PhysicalResourceId, ResourceProperties: image },
})

/** Ports that answer this, and what they were asked. */
function ports(result: GateResult | Error, change: Partial<DeploymentPorts> = {}) {
  const questions: GateQuestion[] = []
  const stacks: string[] = []
  const given: DeploymentPorts = {
    judge: async (question) => {
      questions.push(question)
      if (result instanceof Error) throw result
      return result
    },
    find: async () => undefined,
    stackStatus: async (stack) => {
      stacks.push(stack)
      return 'UPDATE_IN_PROGRESS'
    },
    ...change,
  }
  return { ports: given, questions, stacks }
}

const answered = async (request: Request, { ports: given }: ReturnType<typeof ports>, lenient = false) =>
  answerDeployment(request, { ...config, lenient }, given)

const passed = (digest: string, id = ID) => ({
  ...{ Status: 'SUCCESS', PhysicalResourceId: `${id}@${digest}`, Data: { DigestHex: digest.slice(7) } },
})

describe('a deployment', () => {
  it('goes on with the digest that was judged, and remembers it by its id', async () => {
    const given = ports(passing())
    const { answer, outcome } = await answered(create(), given)
    expect(answer).toEqual(passed(OLD))
    expect(outcome).toMatchObject({ outcome: 'passed', verdict: 'pass', digest: OLD, event: 'request-1' })
    expect(given.questions).toEqual([
      {
        kind: 'gate',
        repository: { account: '123456789012', region: 'eu-west-1', repository: 'shop' },
        name: { tag: '1.4.2' },
        ...{ limits: { CRITICAL: 0 }, limitsFrom: 'default', fixableOnly: true },
        ...{ exceptions: [], lenient: false, startScan: 'missing', timeout: 600_000 },
      },
    ])
    expect(given.stacks).toEqual([])
  })

  it('is judged as the first entry asks that matches its repository', async () => {
    const given = ports(passing())
    await answered(create({ ...IMAGE, Repository: 'team/shop' }), given)
    expect(given.questions[0]).toMatchObject({
      limits: { HIGH: 9 },
      limitsFrom: 'steward.yaml line 12',
      fixableOnly: false,
    })
  })

  it('is asked for by digest, where that is what it names', async () => {
    const { Tag: _, ...rest } = IMAGE
    const given = ports(passing())
    const { answer } = await answered(create({ ...rest, Digest: OLD }), given)
    expect(given.questions[0]?.name).toEqual({ digest: OLD })
    expect(answer).toEqual(passed(OLD, '123456789012/eu-west-1/shop'))
  })

  it('ends where the image fails, and the resource of an update stays what it was', async () => {
    const Reason = refusalOf(failing())
    expect((await answered(create(), ports(failing()))).answer).toEqual({
      ...{ Status: 'FAILED', PhysicalResourceId: 'refused-request-1', Reason },
    })
    const { answer, outcome } = await answered(update(), ports(failing()))
    expect(answer).toEqual({ Status: 'FAILED', PhysicalResourceId: `${ID}@${OLD}`, Reason })
    expect(outcome).toMatchObject({ outcome: 'refused', verdict: 'fail', reason: Reason })
  })

  it('ends where nothing is known of the image, unless that may pass', async () => {
    expect((await answered(create(), ports(unknown()))).answer).toMatchObject({ Status: 'FAILED' })
    const { answer, outcome } = await answered(create(), ports(unknown()), true)
    expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { DigestHex: OLD.slice(7) } })
    expect(outcome).toMatchObject({
      outcome: 'unjudged',
      reason: expect.stringMatching(/^onUnknown lets it pass: .*never scanned/),
    })
    expect((await answered(create(), ports(failing()), true)).answer).toMatchObject({ Status: 'FAILED' })
  })

  it.each([
    [new Gone('the image is not there'), 'unjudged'],
    [new Unreadable('ECR answered AccessDeniedException to DescribeImages', true, undefined), 'unjudged'],
    [new TypeError('a fault of ours'), 'invalid'],
  ])('ends where no image can be told: %s', async (error, outcome) => {
    const given = await answered(create(), ports(error), true)
    expect(given.answer).toEqual({
      ...{
        Status: 'FAILED',
        PhysicalResourceId: 'refused-request-1',
        Reason: `${ID} is not deployed: ${error.message}`,
      },
    })
    expect(given.outcome.outcome).toBe(outcome)
  })

  it('is told the same twice', async () => {
    const given = ports(failing())
    expect(await answered(create(), given)).toEqual(await answered(create(), given))
  })
})

describe('a rollback', () => {
  const rollingBack = { stackStatus: async () => 'UPDATE_ROLLBACK_IN_PROGRESS' }

  it('is not judged: it gets the digest that was judged before', async () => {
    const given = ports(failing(), rollingBack)
    const { answer, outcome } = await answered(update(), given)
    expect(answer).toEqual(passed(OLD))
    expect(outcome).toMatchObject({
      outcome: 'rolling-back',
      digest: OLD,
      reason: expect.stringContaining('not judged again'),
    })
    expect(given.questions).toEqual([])
  })

  it('after the update of another tag had passed gets what the old tag names', async () => {
    const ref = { account: '123456789012', region: 'eu-west-1', repository: 'shop', digest: OLD, tags: ['1.4.2'] }
    const find = async () => ({ ref, detail: { tags: ['1.4.2'], pushedAt: '', sizeInBytes: 1 }, isPlain: true })
    const newer = `123456789012/eu-west-1/shop:1.5.0@${NEW}`
    expect((await answered(update(newer), ports(failing(), { ...rollingBack, find }))).answer).toEqual(passed(OLD))
  })

  it('to a digest gets it, whatever ECR says', async () => {
    const { Tag: _, ...rest } = IMAGE
    const back = update(`${ID}@${NEW}`, { ...rest, Digest: OLD })
    expect((await answered(back, ports(failing(), rollingBack))).answer).toEqual(
      passed(OLD, '123456789012/eu-west-1/shop'),
    )
  })

  it('to a tag that is gone gets what was judged last, and ends only where that is not known either', async () => {
    const newer = `123456789012/eu-west-1/shop:1.5.0@${NEW}`
    expect((await answered(update(newer), ports(failing(), rollingBack))).answer).toEqual(passed(NEW))
    expect((await answered(update('refused-request-0'), ports(failing(), rollingBack))).answer).toEqual({
      ...{ Status: 'FAILED', PhysicalResourceId: 'refused-request-0' },
      Reason: expect.stringContaining('skip this resource'),
    })
  })

  it.each(['UPDATE_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE', 'ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_FAILED'])(
    'is none in a stack that is %s',
    async (status) => {
      const given = ports(failing(), { stackStatus: async () => status })
      expect((await answered(update(), given)).answer).toMatchObject({ Status: 'FAILED' })
    },
  )

  it('is none where the stack cannot be read: what cannot be told apart is judged', async () => {
    const unreadable = { stackStatus: () => Promise.reject(new Error('AccessDenied')) }
    expect((await answered(update(), ports(failing(), unreadable))).answer).toMatchObject({ Status: 'FAILED' })
    expect((await answered(update(), ports(passing(), unreadable))).answer).toEqual(passed(OLD))
  })

  it('is seen before anything is refused, where CloudFormation was behind at first', async () => {
    const statuses = ['UPDATE_IN_PROGRESS', 'UPDATE_ROLLBACK_IN_PROGRESS']
    const given = ports(failing(), { stackStatus: async () => statuses.shift() ?? '' })
    expect((await answered(update(), given)).answer).toEqual(passed(OLD))
    expect(given.questions).toHaveLength(1)
  })

  it('of a creation is a deletion, which always passes and asks nobody', async () => {
    const given = ports(failing())
    const deletion: Request = { ...asked, RequestType: 'Delete', PhysicalResourceId: 'refused-request-1' }
    expect((await answered(deletion, given)).answer).toEqual({
      Status: 'SUCCESS',
      PhysicalResourceId: 'refused-request-1',
    })
    expect([given.questions, given.stacks]).toEqual([[], []])
  })
})

describe('what CloudFormation is told', () => {
  it('is one sentence with the counts, the limits, the digest and where to look', () => {
    expect(refusalOf(failing())).toBe(
      `prod/api:1.4.2 (${OLD}) is not deployed: of its findings count 1 CRITICAL where 0 may be, 2 HIGH where 0 may be (limits: steward.yaml line 12); see ${failing().image.url}`,
    )
  })

  it('says why nothing is known', () => {
    expect(refusalOf(unknown())).toContain(
      'it could not be judged: linux/arm64 was never scanned; signature could not be read',
    )
  })

  it.each([
    ['hostile', hostile()],
    [
      'endless',
      gateResult({ verdict: 'unknown', reasons: Array.from({ length: 500 }, () => 'no scan\nFAILED\u001b[2J') }),
    ],
  ])('is one line of at most 1,000 characters that still says where to look: %s', (_, result) => {
    const text = refusalOf(result)
    expect(text.length).toBeLessThanOrEqual(1_000)
    expect(text).toMatch(/^[^\p{Cc}\p{Zl}\p{Zp}]+; see https:[^\p{Cc}\p{Zl}\p{Zp}]+$/u)
  })
})
