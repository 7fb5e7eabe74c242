import { describe, expect, test } from 'vitest'
import type { Exception } from '../../functions/domain/exception.ts'
import type { RuleSetting } from '../../functions/domain/policy.ts'
import { Unreadable } from '../../functions/faults.ts'
import { release } from '../../functions/policy/quarantine/release.ts'
import { policy as alertPolicy } from '../builders.ts'
import { config, content, detail, platform, settings } from '../domain/rules/facts.ts'
import { REF } from '../policy/fakes.ts'
import { manifestOf } from '../policy/quarantine/tags.ts'
import { entryOf, push, setting, world } from './fakes.ts'

const OURS = manifestOf('ours')
const { digest } = OURS
const ASKED: RuleSetting = { ...setting('non-root-user'), quarantine: true }
const KEY = `image#123456789012/ap-northeast-1/prod/api@${digest}`
const URI = `123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/prod/api@${digest}`

/** An image that runs as root, in a repository whose tags may move. */
function rig(change: Parameters<typeof world>[0] = {}) {
  const made = world({
    policy: [entryOf(ASKED, setting('tag-naming'))],
    repository: { settings: settings({ tagMutability: 'MUTABLE' }) },
    ...change,
  })
  const { state, tags, check, again } = made
  tags.push(OURS, '1.4.2', 'latest')
  const shown = () => ({ detail: detail({ tags: tags.tagsOf(digest) }), content: state.values.content })
  let events = 0
  const pushed = async (tag = '1.4.2', receives = 1, id = `push-${++events}`) => {
    state.of.set(digest, shown())
    const event = push({ digest, tag, id })
    return receives === 1 ? check(event) : again(event, receives)
  }
  const passes = () => {
    state.values.content = content(platform({ config: config({ user: 'app' }) }))
  }
  return { ...made, pushed, passes, kept: () => state.images.told.get(KEY)?.quarantine }
}

const words = ({ outcomes }: { outcomes: readonly { outcome: string }[] }) => outcomes.map(({ outcome }) => outcome)
const denied = new Unreadable('ECR answered AccessDeniedException to PutImage', true, undefined)
const throttled = new Unreadable('ECR answered ThrottlingException to PutImage', false, undefined)

describe('an image that fails a rule with quarantine', () => {
  test('has its tags in quarantine, and its digest as before; one message says all', async () => {
    const { state, tags, pushed } = rig()
    expect(words(await pushed())).toEqual(['alerted', 'quarantined'])
    expect(tags.tagsOf(digest)).toEqual(['quarantine-1.4.2', 'quarantine-latest'])
    expect(state.published).toHaveLength(1)
    expect(state.published[0]).toMatchObject({
      kind: 'policy',
      severity: 'HIGH',
      title: 'In quarantine: prod/api:1.4.2, non-root-user',
      command: `ecr-steward release ${URI}`,
      facts: expect.arrayContaining([{ name: 'Quarantine', value: '1.4.2 is quarantine-1.4.2 now' }]),
      notices: [],
    })
  })

  test('is in the journal before anything is written, and remembered', async () => {
    const { state, kept, pushed } = rig()
    const intents: number[] = []
    state.repository.onIntent = async () => void intents.push(state.images.told.size)
    await pushed()
    expect(intents).toEqual([0])
    const [intent] = state.repository.intents
    expect(intent).toMatchObject({
      rule: `quarantine@${digest.slice(0, 19)}`,
      what: `Quarantine 1.4.2, latest of ${digest.slice(0, 19)}`,
      before: { reason: expect.stringContaining('non-root-user: ') },
      write: { input: { moves: [{ from: '1.4.2', to: 'quarantine-1.4.2' }, expect.anything()] } },
      undoCommand: `ecr-steward release ${URI}`,
      events: ['push-1'],
    })
    expect(state.repository.closed.join()).toContain('done: quarantine-1.4.2, quarantine-latest')
    expect(kept()).toMatchObject({
      tags: [{ tag: '1.4.2', as: 'quarantine-1.4.2' }, expect.anything()],
      why: [{ rule: 'non-root-user' }],
    })
    expect(kept()).not.toHaveProperty('pending')
  })

  test('is not moved again by the event of its own tag, nor by the same event', async () => {
    const { state, tags, pushed } = rig()
    await pushed('1.4.2', 1, 'first')
    const before = tags.state.calls.length
    expect(words(await pushed('quarantine-1.4.2'))).toEqual(['known'])
    expect(words(await pushed('1.4.2', 1, 'first'))).toEqual(['known'])
    expect(tags.state.calls.length).toBe(before)
    expect(state.published).toHaveLength(1)
  })

  test('loses the tag once more when it is pushed under it again, which is told', async () => {
    const { state, tags, pushed } = rig()
    await pushed()
    tags.push(OURS, '1.4.2')
    await pushed()
    expect(tags.tagsOf(digest)).toEqual(['quarantine-1.4.2', 'quarantine-latest'])
    expect(state.published).toHaveLength(2)
  })

  test('keeps a name of its own where another image had the same tag', async () => {
    const { tags, pushed } = rig()
    tags.push(manifestOf('before'), 'quarantine-1.4.2')
    await pushed()
    expect(tags.tagsOf(digest)).toEqual([`quarantine-1.4.2-${digest.slice(7, 19)}`, 'quarantine-latest'])
  })

  test('stays where both names are taken, and where it has too many tags, as the message says', async () => {
    const { state, tags, pushed } = rig()
    const other = manifestOf('before')
    tags.push(other, 'quarantine-1.4.2', `quarantine-1.4.2-${digest.slice(7, 19)}`)
    tags.push(OURS, ...Array.from({ length: 60 }, (_, n) => `z-${n}`))
    await pushed()
    expect(tags.tagsOf(other.digest)).toHaveLength(2)
    expect(state.published[0]?.notices).toContainEqual(
      'The tag 1.4.2 is not in quarantine: both names that it could have there name other images.',
    )
    expect(tags.tagsOf(digest).filter((tag) => tag.startsWith('quarantine-'))).toHaveLength(49)
    expect(state.published[0]?.notices.join()).toContain('it has more than 50 tags')
  })

  test('is in quarantine also where nobody wants to hear of it', async () => {
    const { state, tags, pushed } = rig({ alerts: [alertPolicy({ repositories: ['dev/**'] })] })
    expect(words(await pushed())).toEqual(['quiet', 'quarantined'])
    expect(tags.tagsOf(digest)).toEqual(['quarantine-1.4.2', 'quarantine-latest'])
    expect(state.published).toEqual([])
  })
})

const exception: Exception = {
  ...{ repositories: ['prod/*'], rule: 'non-root-user', reason: 'r', owner: 'o' },
  ...{ expires: '2027-01-31', line: 9 },
}

describe('an image stays as it is', () => {
  test.each<[string, Parameters<typeof world>[0]]>([
    ['where the rule does not ask for quarantine', { policy: [entryOf(setting('non-root-user'))] }],
    ['where an exception covers the verdict', { exceptions: [exception] }],
    ['in a registry that is only read', { mayWrite: false }],
    ['where tags are immutable', { repository: { settings: settings() } }],
    [
      'where its tags are the immutable ones',
      {
        repository: {
          settings: settings({ tagMutability: 'MUTABLE_WITH_EXCLUSION', exclusions: ['1.*', 'latest'] }),
        },
      },
    ],
  ])('%s', async (_, change) => {
    const { tags, pushed, kept } = rig(change)
    await pushed()
    expect(tags.tagsOf(digest)).toEqual(['1.4.2', 'latest'])
    expect(tags.state.calls).toEqual([])
    expect(kept()?.tags ?? []).toEqual([])
  })

  test('where the rule is unknown, since something could not be read', async () => {
    const { state, tags, pushed } = rig()
    state.refused.content = new Unreadable('ECR answered AccessDeniedException to BatchGetImage', true, undefined)
    await pushed()
    expect(state.published[0]?.items[0]?.text).toContain('Could not be judged')
    expect(tags.state.calls).toEqual([])
  })

  test('where nobody knows whether tags are immutable, and the message says so', async () => {
    const { state, tags, pushed } = rig()
    state.repository.refused.settings = new Unreadable('denied', true, undefined)
    await pushed()
    expect(tags.state.calls).toEqual([])
    expect(state.published[0]).toMatchObject({
      title: 'Not in quarantine: prod/api:1.4.2, non-root-user',
      notices: expect.arrayContaining([
        'The tag 1.4.2 is not in quarantine: it could not be read whether tags of the repository are immutable.',
      ]),
    })
  })

  test('where tags are immutable, and the message says so once', async () => {
    const { state, pushed } = rig({ repository: { settings: settings() } })
    await pushed()
    await pushed('latest')
    expect(state.published).toHaveLength(1)
    expect(state.published[0]?.notices).toContainEqual(
      'The tag 1.4.2 is not in quarantine: tags of the repository are immutable, and one that is gone would be free for another image.',
    )
  })

  test('but for the tags that may move', async () => {
    const { tags, pushed } = rig({
      repository: { settings: settings({ tagMutability: 'IMMUTABLE_WITH_EXCLUSION', exclusions: ['lat*'] }) },
    })
    await pushed()
    expect(tags.tagsOf(digest)).toEqual(['1.4.2', 'quarantine-latest'])
  })
})

describe('what goes wrong in between', () => {
  test('is gone on with at the next delivery, also where it passes by then, and is told once', async () => {
    const { state, tags, pushed, passes, kept } = rig()
    let calls = 0
    tags.state.onCall = (name) => {
      if (name === 'remove' && ++calls === 2) throw new TypeError('the function died')
    }
    expect(words(await pushed('1.4.2', 1, 'one'))).toEqual(['retry'])
    expect(kept()?.pending?.tags).toHaveLength(2)
    expect(tags.tagsOf(digest)).toEqual(['latest', 'quarantine-1.4.2', 'quarantine-latest'])
    passes()
    expect(words(await pushed('1.4.2', 2, 'one'))).toEqual(['alerted', 'quarantined'])
    expect(tags.tagsOf(digest)).toEqual(['quarantine-1.4.2', 'quarantine-latest'])
    expect(new Set(state.repository.closed.map((line) => line.split(' ')[0])).size).toBe(1)
  })

  test('is tried again while there is patience; then told, and tried with the next push', async () => {
    const { state, tags, pushed } = rig()
    tags.state.onCall = (name) => {
      if (name === 'put') throw throttled
    }
    expect(words(await pushed('1.4.2', 1, 'one'))).toEqual(['retry'])
    expect(words(await pushed('1.4.2', 3, 'one'))).toEqual(['alerted'])
    expect(state.published[0]?.notices.join()).toContain('ThrottlingException to PutImage')
    tags.state.onCall = undefined
    await pushed()
    expect(tags.tagsOf(digest)).toEqual(['quarantine-1.4.2', 'quarantine-latest'])
    expect(state.published).toHaveLength(2)
  })

  test.each(['named', 'manifests', 'put'])('and is denied at %s is told with the reason', async (denies) => {
    const { state, tags, pushed } = rig()
    tags.state.onCall = (name) => {
      if (name === denies) throw denied
    }
    await pushed()
    expect(tags.tagsOf(digest)).toEqual(['1.4.2', 'latest'])
    expect(state.published[0]?.notices).toContainEqual(
      'The tag 1.4.2 is not in quarantine: ECR answered AccessDeniedException to PutImage.',
    )
  })

  test('a manifest that ECR converts is not pushed again', async () => {
    const { state, tags, pushed } = rig()
    Object.assign(tags.hands, { manifests: async () => [] })
    await pushed()
    expect(state.published[0]?.notices.join()).toContain('ECR does not give its manifest as it is stored')
    expect(tags.tagsOf(digest)).toEqual(['1.4.2', 'latest'])
  })
})

describe('an image that is in quarantine and passes by now', () => {
  test('is told once with what releases it, and stays there', async () => {
    const { state, tags, pushed, passes } = rig()
    await pushed()
    passes()
    await pushed('quarantine-1.4.2')
    await pushed('quarantine-1.4.2')
    expect(tags.tagsOf(digest)).toEqual(['quarantine-1.4.2', 'quarantine-latest'])
    expect(state.published).toHaveLength(2)
    expect(state.published[1]).toMatchObject({
      title: 'Passes now, and is in quarantine: prod/api:quarantine-1.4.2',
      command: `ecr-steward release ${URI}`,
      severity: 'INFORMATIONAL',
    })
  })

  test('is not told again after it could not be judged for once', async () => {
    const { state, pushed, passes } = rig()
    await pushed()
    passes()
    await pushed('quarantine-1.4.2')
    state.refused.content = new Unreadable('ECR answered AccessDeniedException to BatchGetImage', true, undefined)
    await pushed('quarantine-1.4.2')
    delete state.refused.content
    await pushed('quarantine-1.4.2')
    expect(state.published.filter(({ title }) => title.startsWith('Passes now'))).toHaveLength(1)
  })

  test('but not one whose rule is about tags, of which it has none', async () => {
    const { state, tags, pushed } = rig({ policy: [entryOf({ ...setting('tag-naming'), quarantine: true })] })
    tags.push(OURS, 'a-name')
    await pushed()
    expect(tags.tagsOf(digest)).toContain('quarantine-a-name')
    await pushed('quarantine-a-name')
    expect(state.published).toHaveLength(1)
  })
})

describe('an image that was released', () => {
  const released = (reason: string) => ({
    tags: [],
    why: [],
    released: { at: '2026-11-20T08:00:00Z', by: 'alice', of: [{ rule: 'non-root-user', reason }] },
  })

  test('is left alone for the same verdict, and not for another', async () => {
    const first = rig()
    await first.pushed()
    const reason = first.kept()?.why[0]?.reason ?? ''
    const same = rig()
    same.state.images.told.set(KEY, { told: {}, events: [], quarantine: released(reason) })
    await same.pushed()
    expect(same.tags.tagsOf(digest)).toEqual(['1.4.2', 'latest'])
    expect(same.state.published[0]?.title).toBe('1 rule fails in prod/api:1.4.2: non-root-user')
    const other = rig()
    other.state.images.told.set(KEY, { told: {}, events: [], quarantine: released('It has no user.') })
    await other.pushed()
    expect(other.tags.tagsOf(digest)).toEqual(['quarantine-1.4.2', 'quarantine-latest'])
  })
})

test('a tag that was given back stays, while others are in quarantine: in the fewer names that a rule sees then', async () => {
  const { state, tags, pushed, kept } = rig({ policy: [entryOf({ ...setting('tag-naming'), quarantine: true })] })
  tags.push(OURS, 'foo', 'bar')
  for (const tag of ['1.4.2', 'latest']) tags.untag(tag)
  await pushed('foo')
  expect(tags.tagsOf(digest)).toEqual(['quarantine-bar', 'quarantine-foo'])
  const { next } = await release({
    ...{ image: { ...REF, digest, tags: tags.tagsOf(digest) }, before: kept(), only: ['foo'] },
    ...{ by: 'alice', reason: undefined, now: new Date('2026-11-20T09:00:00Z'), keep: async () => {} },
    hands: { tags: tags.hands, journal: { intend: async () => {}, close: async () => {} }, pause: async () => {} },
  })
  state.images.told.set(KEY, { told: {}, events: [], quarantine: next })
  await pushed('foo')
  expect(tags.tagsOf(digest)).toEqual(['foo', 'quarantine-bar'])
  tags.push(OURS, 'baz')
  await pushed('baz')
  expect(tags.tagsOf(digest)).not.toContain('baz')
})

test('in another registry the command names the table of the stack', async () => {
  const { state, tags, deps, check } = world({
    policy: [entryOf(ASKED)],
    repository: { settings: settings({ tagMutability: 'MUTABLE' }) },
    sweep: { accounts: ['222222222222'], regions: [] },
    mayWrite: true,
  })
  tags.push(OURS, '1.4.2')
  state.of.set(digest, { detail: detail({ tags: ['1.4.2'] }) })
  await check(push({ digest, account: '222222222222' }))
  expect(deps.ports.table).toBe('state')
  expect(state.published[0]?.command).toBe(
    `ecr-steward release 222222222222.dkr.ecr.ap-northeast-1.amazonaws.com/prod/api@${digest} --table arn:aws:dynamodb:ap-northeast-1:123456789012:table/state`,
  )
})
