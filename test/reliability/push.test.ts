import { DeleteRepositoryCommand } from '@aws-sdk/client-ecr'
import { describe, expect, test } from 'vitest'
import { useRegistry } from './registry.ts'
import { useRig } from './rig.ts'

const rig = await useRig({ announces: true })
const { alice, repository, push, pushIndex, callsOf, alerts, told, settle } = useRegistry(rig)

/** Calls that bring the content of an image: its manifest, and where its configuration lies. */
const CONTENT = ['BatchGetImage', 'GetDownloadUrlForLayer']

const inject = (operation: string, code: string, times = Number.POSITIVE_INFINITY) =>
  rig.world.aws.faults.inject({ service: 'ecr', operation, times, error: { code } })
const DENIED = 'AccessDeniedException'
const said = () => rig.outcomes.filter((one) => one.function === 'push-check').map(({ outcome }) => outcome)
const messages = (name: string) => rig.messages({ repository: name, digest: '', tags: [] })

describe('a push', () => {
  test('is told once, on Slack too, with what fails of the image and of its repository', async () => {
    const name = repository({ mutability: 'MUTABLE' })
    await push(name)
    await settle()
    expect(told(name)).toEqual([['new non-root-user', 'new tag-immutability']])
    expect(messages(name)).toHaveLength(1)
    expect(rig.dead()).toEqual({})
  })

  test('takes at most five calls of ECR beside the content of the image, at once', async () => {
    const name = repository({ mutability: 'MUTABLE' })
    const from = rig.world.aws.calls.length
    await push(name)
    await settle()
    const calls = callsOf(from).map(({ operation }) => operation)
    expect(calls.filter((operation) => !CONTENT.includes(operation)).toSorted()).toEqual([
      'DescribeImages',
      'DescribeRepositories',
      'GetLifecyclePolicy',
      'GetRegistryScanningConfiguration',
      'GetRepositoryPolicy',
    ])
    expect(calls.filter((operation) => CONTENT.includes(operation))).toEqual(CONTENT)
  })

  test('of which every rule holds is silent', async () => {
    const name = repository()
    await push(name, { user: '10001' })
    await settle()
    expect(alerts(name)).toEqual([])
    expect(said()).toEqual(['quiet'])
  })

  test('of several tags is one message; the same image again, or under another tag, is none', async () => {
    const name = repository({ mutability: 'MUTABLE' })
    await push(name, { tags: ['1.0.0', '1.0', 'latest'] })
    await settle()
    await push(name, { tags: ['stable'] })
    await settle()
    expect(told(name)).toHaveLength(1)
    expect(said().at(-1)).toBe('known')
    expect(rig.outcomes.at(-1)?.reason).toContain('pushed again: ')
  })

  test('for two platforms with an attestation is one message', async () => {
    const name = repository()
    const { digest } = await pushIndex(name)
    await settle()
    expect(told(name)).toEqual([['new non-root-user']])
    expect(alerts(name)[0]?.subject.digest).toBe(digest)
    expect(said().filter((outcome) => outcome === 'alerted')).toHaveLength(1)
    expect(rig.dead()).toEqual({})
  })

  test('that moves a tag is told apart, with where the tag was', async () => {
    const name = repository({ mutability: 'MUTABLE' })
    const first = await push(name, { user: 'app', layer: 'a' })
    await settle()
    rig.wait(60)
    const second = await push(name, { user: 'app', layer: 'b' })
    await settle()
    expect(told(name)).toEqual([['new tag-immutability'], ['new tag-immutability']])
    expect(alerts(name)[1]?.facts).toContainEqual({
      name: 'Tag moved',
      value: `1.0.0 from ${first.digest} to ${second.digest}`,
    })
    expect(messages(name)).toHaveLength(2)
  })

  test('by many builds into one repository at once tells of the repository once', async () => {
    const name = repository({ mutability: 'MUTABLE' })
    await Promise.all(
      Array.from({ length: 12 }, (_, n) => push(name, { tags: [`1.0.${n}`], user: 'app', layer: `layer-${n}` })),
    )
    await settle()
    expect(told(name)).toEqual([['new tag-immutability']])
  })
})

describe('an ECR that fails', () => {
  test('on one of the reads makes the rules that need it unknown, and the others are judged', async () => {
    const name = repository({ mutability: 'MUTABLE' })
    inject('GetLifecyclePolicy', DENIED)
    const before = rig.now
    await push(name)
    await settle()
    expect(told(name)).toEqual([['new non-root-user', 'new tag-immutability', 'new lifecycle-policy']])
    expect(alerts(name)[0]?.items[2]?.text).toContain('AccessDeniedException')
    expect(rig.now - before).toBeLessThan(60_000)
  })

  test('for a while is waited for; to the end it is unknown, and told once as that', async () => {
    const [patient, unlucky] = [repository(), repository()]
    inject('DescribeRepositories', 'ThrottlingException', 5)
    await push(patient)
    await settle()
    expect(told(patient)).toEqual([['new non-root-user']])
    inject('DescribeRepositories', 'ThrottlingException')
    const pushed = await push(unlucky)
    await settle()
    expect(told(unlucky)).toEqual([['new non-root-user', 'new tag-immutability', 'new scan-on-push']])
    expect(alerts(unlucky)[0]?.items.map(({ severity }) => severity)).toEqual(['HIGH', 'UNDEFINED', 'UNDEFINED'])
    rig.world.aws.faults.clear()
    await push(unlucky, { tags: ['2.0.0'] })
    await settle()
    expect(pushed.digest).toBe(alerts(unlucky)[0]?.subject.digest)
    expect(told(unlucky)).toHaveLength(1)
  })

  test('that does not know the image for a moment is asked again', async () => {
    const name = repository()
    inject('DescribeImages', 'ImageNotFoundException', 2)
    await push(name)
    await settle()
    expect(told(name)).toEqual([['new non-root-user']])
    expect(said()).toEqual(['alerted'])
  })

  test('that cannot give the configuration of the image makes no rule pass', async () => {
    const name = repository()
    inject('GetDownloadUrlForLayer', DENIED)
    await push(name, { user: 'app' })
    await settle()
    expect(told(name)).toEqual([['new non-root-user', 'new no-secrets-in-image']])
    expect(alerts(name)[0]?.severity).toBe('UNDEFINED')
  })
})

test('a repository that is deleted between push and look is gone, without a word', async () => {
  const name = repository({ mutability: 'MUTABLE' })
  await push(name)
  await alice.send(new DeleteRepositoryCommand({ repositoryName: name, force: true }))
  await settle()
  expect(alerts(name)).toEqual([])
  expect(said().at(-1)).toBe('gone')
  expect(rig.dead()).toEqual({})
})

describe.each([
  ['throttles', { code: 'ProvisionedThroughputExceededException' }],
  ['drops the connection', { drop: true }],
] as const)('a table that %s', (_, error) => {
  const WRITE = { service: 'dynamodb', operation: 'UpdateItem' }

  test('before the alert delays it', async () => {
    const name = repository({ mutability: 'MUTABLE' })
    rig.world.aws.faults.inject({ ...WRITE, times: 6, error })
    await push(name)
    await settle()
    expect(told(name)).toEqual([['new non-root-user', 'new tag-immutability']])
    expect(messages(name)).toHaveLength(1)
  })

  test('after the alert repeats it under its id, and Slack has it once', async () => {
    const name = repository({ mutability: 'MUTABLE' })
    // Two claims and the tag, then the marks.
    rig.world.aws.faults.inject({ ...WRITE, times: 3, error: { delayMs: 0 } })
    rig.world.aws.faults.inject({ ...WRITE, times: 6, error })
    await push(name)
    await settle()
    expect(new Set(alerts(name).map(({ id }) => id)).size).toBe(1)
    expect(messages(name)).toHaveLength(1)
    expect(rig.dead()).toEqual({})
  })
})
