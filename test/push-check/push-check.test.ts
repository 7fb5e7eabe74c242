import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Alert } from '../../functions/domain/alert.ts'
import { Gone, Unreadable } from '../../functions/faults.ts'
import { judgingOfRepository, repositoryOf } from '../../functions/push-check/gather.ts'
import { rulesOnPush } from '../../functions/push-check/group.ts'
import { checkBatch } from '../../functions/push-check/push-check.ts'
import { policy as alertPolicy, DIGEST, image } from '../builders.ts'
import { config, content, detail, platform, settings } from '../domain/rules/facts.ts'
import { record } from '../scan-alert/fakes.ts'
import { CHILDREN, entryOf, INDEX, index, NOW, push, setting, world } from './fakes.ts'

const denied = (call: string) => new Unreadable(`ECR answered AccessDeniedException to ${call}`, true, undefined)
const throttled = new Unreadable('ECR answered ThrottlingException to DescribeRepositories', false, undefined)
const OTHER = `sha256:${'5c'.repeat(32)}`

const words = ({ outcomes }: { outcomes: readonly { outcome: string }[] }) => outcomes.map(({ outcome }) => outcome)
const changes = (alert: { items: readonly { id: string; change: string }[] } | undefined) =>
  alert?.items.map(({ id, change }) => `${change} ${id}`)

describe('a push that is not judged', () => {
  test.each([
    ['of another region', push({ region: 'eu-west-1' }), 'elsewhere', 'registry 123456789012 in eu-west-1'],
    ['of another account', push({ account: '210987654321' }), 'elsewhere', 'registry 210987654321'],
    [
      'that is a deletion',
      { ...push(), detail: { ...push().detail, 'action-type': 'DELETE' } },
      'no-consumer',
      'Image Action',
    ],
  ])('is one %s', async (_, event, outcome, reason) => {
    const { state, check } = world()
    const { outcomes, again } = await check(event)
    expect(outcomes).toMatchObject([{ outcome, reason: expect.stringContaining(reason) }])
    expect([again, state.calls, state.repository.calls]).toEqual([[], [], []])
  })

  test('is one into a repository for which no rule is in force, or none that a push can be judged by', async () => {
    const { state, check } = world({ policy: [entryOf(setting('required-tags'), setting('tag-naming', 'off'))] })
    const { outcomes } = await check(push())
    expect(outcomes).toMatchObject([
      { outcome: 'quiet', reason: 'no rule of policy is in force for repository prod/api' },
    ])
    expect([state.calls, state.repository.calls]).toEqual([[], []])
  })

  test('leaves its neighbours unharmed when it cannot be read', async () => {
    const { state, check } = world()
    const result = await check({ ...push(), detail: { 'action-type': 'PUSH' } }, push())
    expect(words(result)).toEqual(['invalid', 'alerted'])
    expect(result.again).toHaveLength(1)
    expect(state.published).toHaveLength(1)
  })
})

describe('a push', () => {
  test('is told once, with what fails of the image and of its repository, and how to mend it', async () => {
    const { state, check } = world()
    const { outcomes, again } = await check(push())
    expect(again).toEqual([])
    expect(state.published).toHaveLength(1)
    const [alert] = state.published
    expect(alert).toMatchObject({
      kind: 'policy',
      subject: { repository: 'prod/api', digest: DIGEST, tags: ['1.4.2'] },
      channels: ['security'],
      events: ['push-1'],
    })
    expect(changes(alert)).toEqual(['new non-root-user', 'new tag-immutability'])
    expect(alert?.items.every(({ fix }) => fix !== undefined)).toBe(true)
    expect(outcomes).toMatchObject([{ outcome: 'alerted', event: 'push-1', alert: alert?.id, kind: 'policy' }])
    expect([...state.images.held, ...state.repositories.held]).toEqual([])
  })

  test('of which every rule holds is silent', async () => {
    const { state, check } = world({ repository: { settings: settings() } })
    state.values.content = content()
    const { outcomes } = await check(push())
    expect(outcomes).toMatchObject([{ outcome: 'quiet', reason: 'every rule holds, or is excepted' }])
    expect(state.published).toEqual([])
  })

  test('reads each value once, and neither the scan nor the tags of the repository', async () => {
    const all = ['tag-immutability', 'lifecycle-policy', 'scan-on-push', 'required-tags', 'encryption']
    const { state, check } = world({
      policy: [entryOf(...all.map((id) => setting(id)), setting('non-root-user'), setting('tag-naming'))],
    })
    await check(push())
    expect(state.calls.toSorted()).toEqual(['content', 'detail', 'manifest'])
    expect(state.repository.calls.toSorted()).toEqual(['lifecyclePolicy', 'scanning', 'settings'])
  })

  test('is excepted where somebody has agreed to it', async () => {
    const exception = { repositories: ['prod/*'], reason: 'r', owner: 'o', expires: '2027-01-31', line: 9 }
    const rules = ['non-root-user', 'tag-immutability']
    const { state, check } = world({ exceptions: rules.map((rule) => ({ ...exception, rule })) })
    expect(words(await check(push()))).toEqual(['quiet'])
    expect(state.published).toEqual([])
  })

  test('of several tags of one image is one message, however the events are delivered', async () => {
    const { state, check } = world()
    state.values.detail = detail({ tags: ['1.4.2', 'latest'] })
    const result = await check(push(), push({ id: 'push-2', tag: 'latest' }), push())
    expect(words(result)).toEqual(['alerted', 'grouped', 'grouped'])
    expect(result.outcomes[1]?.reason).toBe('judged with another push of its image')
    expect(state.published[0]).toMatchObject({ subject: { tags: ['1.4.2', 'latest'] }, events: ['push-1', 'push-2'] })
  })

  test('that nobody wants to hear of is judged, and told once somebody does', async () => {
    const { state, check, deps } = world({ alerts: [alertPolicy({ repositories: ['dev/**'] })] })
    const { outcomes } = await check(push())
    expect(outcomes).toMatchObject([
      { outcome: 'quiet', reason: 'no entry of alerts matches repository prod/api: nobody is told what fails' },
    ])
    expect(state.published).toEqual([])
    Object.assign(deps.config, { alerts: [alertPolicy()] })
    await check(push({ id: 'push-2' }))
    expect(changes(state.published[0])).toEqual(['new non-root-user', 'new tag-immutability'])
  })
})

test('what is not read on a push is unread, also for a rule that it would only help', async () => {
  const { state, deps } = world()
  const rules = rulesOnPush(deps.config, 'prod/api')
  const group = { image: image(), deliveries: [], rules, policy: undefined }
  const { reader } = judgingOfRepository(group, deps, new Date(NOW))
  await expect(reader.tags(repositoryOf(group))).rejects.toThrow(
    new Unreadable('it is not read on a push', true, undefined),
  )
  expect(state.repository.calls).toEqual([])
})

describe('an image that was pushed before', () => {
  test('is not told again by the same event, nor by another push of it', async () => {
    const { state, check } = world()
    await check(push())
    expect((await check(push())).outcomes).toMatchObject([
      {
        outcome: 'known',
        reason: 'the same event again: nothing new: 2 rules that fail or are unknown were told before',
      },
    ])
    expect((await check(push({ id: 'push-2' }))).outcomes).toMatchObject([
      { outcome: 'known', reason: 'pushed again: nothing new: 2 rules that fail or are unknown were told before' },
    ])
    expect(state.published).toHaveLength(1)
  })

  test('is told of what another tag makes of it, with what is known', async () => {
    const { state, check } = world()
    await check(push())
    state.values.detail = detail({ tags: ['1.4.2', 'newest'] })
    const { outcomes } = await check(push({ id: 'push-2', tag: 'newest' }))
    expect(outcomes[0]?.reason).toMatch(/^pushed again: /)
    expect(changes(state.published[1])).toEqual(['new tag-naming', 'known non-root-user', 'known tag-immutability'])
  })

  test('tells a repository that begins to fail with the next push, and what holds again as fixed', async () => {
    const { state, check } = world({ repository: { settings: settings() } })
    await check(push())
    expect(changes(state.published[0])).toEqual(['new non-root-user'])
    state.repository.values.settings = settings({ tagMutability: 'MUTABLE' })
    await check(push({ id: 'push-2', digest: OTHER }))
    expect(changes(state.published[1])).toEqual(['new non-root-user', 'new tag-immutability'])
    state.repository.values.settings = settings()
    await check(push({ id: 'push-3' }))
    expect(state.published).toHaveLength(2)
    await check(push({ id: 'push-4', digest: `sha256:${'7'.repeat(64)}`, tag: '1.4.3' }))
    expect(changes(state.published[2])).toEqual(['new non-root-user', 'gone tag-immutability'])
  })
})

const movesIn = (alerts: readonly Alert[]): string[] =>
  alerts.flatMap(({ facts }) => facts.filter(({ name }) => name === 'Tag moved').map(({ value }) => value))

describe('a tag that moves', () => {
  const moved = { name: 'Tag moved', value: `1.4.2 from ${DIGEST} to ${OTHER}` }

  test('is told although it is known that tags can move, and not again by the same event', async () => {
    const { state, check } = world()
    await check(push())
    await check(push({ id: 'push-2', digest: OTHER, at: NOW }))
    expect(changes(state.published[1])).toEqual(['new non-root-user', 'new tag-immutability'])
    expect(state.published[1]?.facts).toContainEqual(moved)
    expect(words(await check(push({ id: 'push-2', digest: OTHER, at: NOW })))).toEqual(['known'])
  })

  test('rings even when nothing else does', async () => {
    const { state, check } = world()
    state.values.content = content()
    await check(push())
    await check(push({ id: 'push-2', digest: OTHER, at: NOW }))
    await check(push({ id: 'push-3', digest: DIGEST, at: NOW + 1 }))
    expect(state.published.map(changes)).toEqual([
      ['new tag-immutability'],
      ['new tag-immutability'],
      ['new tag-immutability'],
    ])
  })

  test.each([
    ['may move', [entryOf(setting('non-root-user'))]],
    ['may move by exception', undefined],
  ])('is a fact only where it %s', async (_, policy) => {
    const exception = { repositories: ['**'], rule: 'tag-immutability', reason: 'r', owner: 'o', line: 9 }
    const { state, check } = world({ ...(policy && { policy }), exceptions: [{ ...exception, expires: '2027-01-31' }] })
    await check(push())
    await check(push({ id: 'push-2', digest: OTHER, at: NOW }))
    expect(changes(state.published[1])?.[0]).toBe('new non-root-user')
    expect(state.published[1]?.facts).toContainEqual(moved)
    const before = state.published.length
    await check(push({ id: 'push-3', digest: DIGEST, at: NOW + 1 }))
    expect(state.published).toHaveLength(before)
  })

  test('several times within a moment has moved each time', async () => {
    const { state, check } = world()
    const digests = ['1', '2', '3'].map((letter) => `sha256:${letter.repeat(64)}`)
    await check(...digests.map((digest, n) => push({ id: `push-${n}`, digest, at: NOW + n })).toReversed())
    expect(movesIn(state.published).toSorted()).toEqual([
      `1.4.2 from ${digests[0]} to ${digests[1]}`,
      `1.4.2 from ${digests[1]} to ${digests[2]}`,
    ])
  })

  test('that cannot be remembered is pushed again', async () => {
    vi.spyOn(console, 'error').mockReturnValue(undefined)
    const { state, deps, check } = world()
    const { pushed } = deps.ports.tags
    Object.assign(deps.ports.tags, { pushed: () => Promise.reject(new TypeError('table')) })
    expect(words(await check(push(), push({ id: 'push-2', digest: OTHER })))).toEqual(['retry', 'retry'])
    Object.assign(deps.ports.tags, { pushed })
    await check(push(), push({ id: 'push-2', digest: OTHER, at: NOW }))
    expect(movesIn(state.published)).toHaveLength(1)
    vi.restoreAllMocks()
  })

  test('that ECR would not take is not remembered', async () => {
    const { state, check } = world()
    await check(push({ tag: 'x'.repeat(300) }))
    await check(push({ id: 'push-2', digest: OTHER, tag: 'x'.repeat(300), at: NOW }))
    expect(movesIn(state.published)).toEqual([])
  })
})

describe('the platforms of an index', () => {
  const children = CHILDREN.map((digest, n) => push({ id: `child-${n}`, digest, tag: undefined }))
  const ofIndex = push({ id: 'index', digest: INDEX })

  test('wait for it, and have nothing to add once it was judged: one message for all', async () => {
    const { state, check, again } = world()
    state.values.manifest = index()
    const first = await check(...children, ofIndex)
    expect(words(first)).toEqual(['alerted', 'retry', 'retry'])
    expect(first.outcomes[1]?.reason).toBe('it has no tag: an index that it is a platform of may follow')
    for (const child of children) {
      const { outcomes } = await again(child, 2)
      expect(outcomes).toMatchObject([{ outcome: 'known', reason: expect.stringContaining(`its index ${INDEX}`) }])
    }
    expect(state.published).toHaveLength(1)
  })

  test('come back together with it, and have nothing to add', async () => {
    const { state, deps } = world()
    state.values.manifest = index()
    const result = await checkBatch(
      [...children, ofIndex].map((event) => record(event, 2)),
      deps,
    )
    expect(words(result)).toEqual(['alerted', 'known', 'known'])
  })

  test('of which nothing fails are not judged either', async () => {
    const { state, check, again } = world({ policy: [entryOf(setting('tag-naming'))] })
    state.values.manifest = index()
    await check(ofIndex)
    expect(words(await again(children[0] as object, 2))).toEqual(['known'])
    expect(state.published).toEqual([])
  })

  test('are judged on their own once they have a tag of their own', async () => {
    const { state, check } = world()
    state.values.manifest = index()
    await check(ofIndex)
    state.values.manifest = { kind: 'image', platforms: [platform({ digest: CHILDREN[0] as string })] }
    expect(words(await check(push({ id: 'tagged', digest: CHILDREN[0] as string, tag: '1.4.2-arm64' })))).toEqual([
      'alerted',
    ])
    expect(state.published).toHaveLength(2)
  })

  test('that nobody indexed are judged alone', async () => {
    const { state, again } = world()
    expect(words(await again(children[0] as object, 2))).toEqual(['alerted'])
    expect(state.published).toHaveLength(1)
  })

  test('do not wait where no rule is about images', async () => {
    const { check } = world({ policy: [entryOf(setting('tag-immutability'))] })
    expect(words(await check(children[0] as object))).toEqual(['alerted'])
  })
})

describe('what is no image', () => {
  const chart = { kind: 'artifact', what: 'a Helm chart' } as const

  test('is not judged by the rules on images', async () => {
    const { state, check } = world({ repository: { settings: settings() } })
    state.values.manifest = chart
    state.values.content = chart
    expect((await check(push())).outcomes).toMatchObject([{ outcome: 'not-an-image', reason: 'it is a Helm chart' }])
  })

  test('lies in a repository that is judged all the same', async () => {
    const { state, check } = world()
    state.values.manifest = chart
    state.values.content = chart
    await check(push())
    expect(changes(state.published[0])).toEqual(['new tag-immutability'])
  })

  test('needs no look where ECR itself says that it only refers to an image', async () => {
    const { state, check } = world()
    await check(push({ type: 'ECR Referrer Action', tag: undefined }))
    expect(state.calls).toEqual([])
    expect(changes(state.published[0])).toEqual(['new tag-immutability'])
    state.repository.values.settings = settings()
    const { outcomes } = await check(push({ id: 'push-2', digest: OTHER, type: 'ECR Referrer Action', tag: undefined }))
    expect(outcomes).toMatchObject([{ outcome: 'not-an-image', reason: 'it refers to an image, as ECR says' }])
  })
})

describe('an image that ECR does not know', () => {
  const gone = new Gone('the image is not there')

  test('is waited for some seconds', async () => {
    const { state, check } = world()
    Object.assign(state, { unknown: 4, gone })
    expect(words(await check(push()))).toEqual(['alerted'])
    expect(state.repository.pauses).toEqual([250, 750, 1_500, 3_000])
  })

  test('comes again for a quarter of an hour, and is gone then, without a word', async () => {
    const { state, check, again } = world()
    Object.assign(state, { unknown: Number.POSITIVE_INFINITY, gone })
    const young = await check(push({ at: NOW - 14 * 60_000 }))
    expect(young.outcomes).toMatchObject([{ outcome: 'retry', reason: 'not yet: the image is not there' }])
    const old = await again(push({ at: NOW - 15 * 60_000 }), 4)
    expect(old.outcomes).toMatchObject([{ outcome: 'gone', reason: 'the image is not there' }])
    expect([old.again, state.published, [...state.images.held, ...state.repositories.held]]).toEqual([[], [], []])
  })

  test('is not waited for where the repository itself is not there', async () => {
    const { state, check } = world()
    Object.assign(state, { unknown: Number.POSITIVE_INFINITY, gone })
    state.repository.refused.settings = new Gone('the repository is not there')
    const { outcomes } = await check(push({ at: NOW - 16 * 60_000 }))
    expect(outcomes).toMatchObject([{ outcome: 'gone', reason: 'the repository is not there' }])
    expect(state.repository.pauses).toEqual([])
  })
})

describe('a value that cannot be read', () => {
  test('is unknown at once where it is denied, and the other rules are judged', async () => {
    const { state, check } = world({
      policy: [entryOf(setting('lifecycle-policy'), setting('tag-immutability'), setting('non-root-user'))],
    })
    state.repository.refused.lifecyclePolicy = denied('GetLifecyclePolicy')
    await check(push())
    expect(changes(state.published[0])).toEqual(['new non-root-user', 'new tag-immutability', 'new lifecycle-policy'])
    expect(state.published[0]?.items[2]?.text).toContain('AccessDeniedException to GetLifecyclePolicy')
    await check(push({ id: 'push-2', digest: OTHER, tag: 'x' }))
    expect(changes(state.published[1])).toContain('known lifecycle-policy')
  })

  test('is waited for while there is patience, and unknown at the third time, told once', async () => {
    const { state, again } = world()
    state.repository.refused.settings = throttled
    const outcomes = []
    for (const receives of [1, 2, 3, 4]) outcomes.push(...words(await again(push(), receives)))
    expect(outcomes).toEqual(['retry', 'retry', 'alerted', 'known'])
    expect(changes(state.published[0])).toEqual(['new non-root-user', 'new tag-immutability'])
  })

  test('never makes a rule pass', async () => {
    const { state, check } = world({ policy: [entryOf(setting('non-root-user'))] })
    state.refused.content = denied('GetDownloadUrlForLayer')
    await check(push())
    expect(state.published[0]?.severity).toBe('UNDEFINED')
  })
})

describe('a repository that another invocation looks at', () => {
  test('is left to it: pushes into one repository do not wait for each other', async () => {
    const { state, check } = world()
    state.repositories.held.add('repository#123456789012/ap-northeast-1/prod/api')
    expect(words(await check(push()))).toEqual(['alerted'])
    expect(changes(state.published[0])).toEqual(['new non-root-user'])
  })

  test('is told once by many pushes at the same moment', async () => {
    const { state, check } = world()
    await check(
      ...Array.from({ length: 8 }, (_, n) =>
        push({ id: `push-${n}`, digest: `sha256:${String(n).repeat(64)}`, tag: `1.0.${n}` }),
      ),
    )
    expect(state.published).toHaveLength(8)
    expect(state.published.filter((alert) => changes(alert)?.includes('new tag-immutability'))).toHaveLength(1)
  })

  test('does not keep a moved tag from being told', async () => {
    const { state, check } = world()
    await check(push())
    state.repositories.held.add('repository#123456789012/ap-northeast-1/prod/api')
    await check(push({ id: 'push-2', digest: OTHER, at: NOW }))
    expect(changes(state.published[1])).toEqual(['new non-root-user', 'new tag-immutability'])
  })
})

describe('enforcement', () => {
  const policy = [entryOf(setting('tag-immutability', 'enforce'), setting('non-root-user'))]

  test('puts the repository right, and tells it apart from what is left to do', async () => {
    const { state, check } = world({ policy })
    const { outcomes } = await check(push())
    expect(state.published.map(({ kind }) => kind)).toEqual(['policy', 'enforcement'])
    expect(changes(state.published[0])).toEqual(['new non-root-user'])
    expect(outcomes).toMatchObject([
      { outcome: 'alerted', kind: 'policy' },
      { outcome: 'enforced', kind: 'enforcement', event: 'push-1' },
    ])
    expect(state.repository.values.settings.tagMutability).toBe('IMMUTABLE')
  })

  test('is told alone where everything else holds', async () => {
    const { state, check } = world({ policy })
    state.values.content = content(platform({ config: config() }))
    expect(words(await check(push()))).toEqual(['enforced'])
    expect(state.published.map(({ kind }) => kind)).toEqual(['enforcement'])
    expect(words(await check(push({ id: 'push-2' })))).toEqual(['quiet'])
  })

  test('that is refused is told once', async () => {
    const { state, check } = world({ policy })
    state.repository.onWrite = () => {
      throw denied('PutImageTagMutability')
    }
    await check(push())
    expect(state.published.map(({ kind }) => kind)).toEqual(['policy', 'enforcement'])
    expect(words(await check(push({ id: 'push-2' })))).toEqual(['known'])
  })

  test('is done where nobody wants to hear of it', async () => {
    const { state, check } = world({ policy, alerts: [] })
    await check(push())
    expect(state.published).toEqual([])
    expect(state.repository.closed).toHaveLength(1)
  })
})

describe('a push elsewhere', () => {
  const FOR_WHOM =
    'Commands are for credentials of account 210987654321: with others they change what has the same name there.'
  const sweep = { accounts: ['210987654321'], regions: ['eu-west-1'] }
  const enforced = [entryOf(setting('tag-immutability', 'enforce'), setting('non-root-user'))]
  const there = { account: '210987654321', region: 'eu-west-1' }

  test('is judged in its account and region where these are swept', async () => {
    const { state, check } = world({ sweep })
    expect(words(await check(push(there)))).toEqual(['alerted'])
    expect([...state.registries]).toEqual(['210987654321/eu-west-1'])
    expect(state.published[0]?.subject).toMatchObject(there)
  })

  test('is told apart from one of the same image at home', async () => {
    const { state, check } = world({ sweep })
    await check(push(), push({ ...there, id: 'push-2' }))
    await check(push({ id: 'push-3' }), push({ ...there, id: 'push-4' }))
    expect(state.published.map(({ subject }) => subject.account).toSorted()).toEqual(['123456789012', '210987654321'])
  })

  test('is never put right where nothing may be written, and the alert says so', async () => {
    const { state, check } = world({ sweep, policy: enforced })
    await check(push(there))
    expect(state.repository.order).toEqual([])
    expect(state.published.map(({ kind, notices }) => [kind, notices])).toEqual([
      ['policy', ['Nothing is put right in this registry: the steward only reads there.', FOR_WHOM]],
    ])
  })

  test('is put right where that may be done, and says whose credentials what takes it back is for', async () => {
    const { state, check } = world({ sweep, policy: enforced, mayWrite: true })
    await check(push(there))
    expect(state.repository.order).toEqual(['intent', 'write', 'outcome'])
    expect(state.published.map(({ kind, notices }) => [kind, notices])).toEqual([
      ['policy', [FOR_WHOM]],
      ['enforcement', [FOR_WHOM]],
    ])
  })

  test('says nothing of that where no rule in enforce fails', async () => {
    const mended = world({ sweep, policy: enforced, repository: { settings: settings() } })
    await mended.check(push(there))
    expect(mended.state.published[0]?.notices).toEqual([])
    const reported = world({ sweep })
    await reported.check(push(there))
    expect(reported.state.published[0]?.notices).toEqual([FOR_WHOM])
  })
})

describe('what goes wrong', () => {
  beforeEach(() => void vi.spyOn(console, 'error').mockReturnValue(undefined))
  afterEach(() => void vi.restoreAllMocks())

  test('while telling comes again, and is told under the same id', async () => {
    const { state, check, again } = world()
    state.onPublish = () => {
      throw new TypeError('socket hang up')
    }
    expect(words(await check(push()))).toEqual(['retry'])
    expect([...state.images.held, ...state.repositories.held]).toEqual([])
    state.onPublish = undefined
    expect(words(await again(push(), 2))).toEqual(['alerted'])
    const ids = state.published.map(({ id }) => id)
    state.images.told.clear()
    state.repositories.told.clear()
    await again(push(), 3)
    expect(state.published.map(({ id }) => id)).toEqual([...ids, ...ids])
  })

  test('with the claim on the image releases the repository', async () => {
    const { state, check } = world()
    state.images.held.add(`image#123456789012/ap-northeast-1/prod/api@${DIGEST}`)
    expect(words(await check(push()))).toEqual(['retry'])
    expect([...state.repositories.held]).toEqual([])
  })

  test('with a read that is a fault of ours is not taken for a refusal of ECR', async () => {
    const { state, check } = world()
    state.refused.manifest = new TypeError('x')
    expect((await check(push())).outcomes).toMatchObject([{ outcome: 'retry', reason: 'unexpected: TypeError' }])
    expect([...state.images.held, ...state.repositories.held]).toEqual([])
  })
})
