import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Gone, Unreadable } from '../../functions/faults.ts'
import { policy as alertPolicy } from '../builders.ts'
import { scanning, settings } from '../domain/rules/facts.ts'
import { entryOf, NOW, setting } from '../push-check/fakes.ts'
import { cacheSync, call, replication, scanningChange, world } from './fakes.ts'

const denied = new Unreadable('ECR answered AccessDeniedException to ListTagsForResource', true, undefined)
const throttled = new Unreadable('ECR answered ThrottlingException to ListTagsForResource', false, undefined)
const HOUR = 3_600_000

const words = ({ outcomes }: { outcomes: readonly { outcome: string }[] }) => outcomes.map(({ outcome }) => outcome)
const changes = (alert: { items: readonly { id: string; change: string }[] } | undefined) =>
  alert?.items.map(({ id, change }) => `${change} ${id}`)
const putMutability = call('PutImageTagMutability')

describe('an event that is no work', () => {
  test.each<[string, object, string, string]>([
    ['a call that was refused', call('PutImageTagMutability', { error: 'AccessDenied' }), 'quiet', 'was refused'],
    ['a call that changes no setting', call('PutImage'), 'quiet', 'PutImage changes nothing that rules speak of'],
    ['a call about no repository', call('TagResource', { asked: null }), 'quiet', 'TagResource is about no repository'],
    [
      'a call on the registry of another account',
      call('PutImageTagMutability', { asked: { repositoryName: 'prod/api', registryId: '210987654321' } }),
      'elsewhere',
      'about registry 210987654321',
    ],
    ['an event of another region', call('PutImageTagMutability', { region: 'eu-west-1' }), 'elsewhere', 'eu-west-1'],
    ['a replication that went well', replication({ result: 'SUCCESS' }), 'quiet', 'it ended as SUCCESS'],
    ['a pull that went well', cacheSync({ 'sync-status': 'SUCCESS' }), 'quiet', 'it ended as SUCCESS'],
    [
      'scanning that is as it was',
      scanningChange(['prod/api'], 'CONTINUOUS_SCAN'),
      'quiet',
      'no repository is scanned less',
    ],
    [
      'a push',
      { ...replication({ 'action-type': 'PUSH', result: 'SUCCESS' }), 'detail-type': 'ECR Image Action' },
      'no-consumer',
      'nothing that watch looks at',
    ],
  ])('is %s', async (_, event, outcome, reason) => {
    const { state, watch } = world()
    const { outcomes, again } = await watch(event)
    expect(outcomes).toMatchObject([{ outcome, reason: expect.stringContaining(reason) }])
    expect([again, state.repository.calls, state.published]).toEqual([[], [], []])
  })

  test('is one that no rule in force has to do with', async () => {
    const { watch } = world({ config: { policy: [], registry: { rules: [], slack: [] } } })
    const { outcomes } = await watch(putMutability, call('PutRegistryPolicy', { asked: null }))
    expect(outcomes.map(({ reason }) => reason)).toEqual([
      'no rule of policy is in force for repository prod/api',
      'no rule on the registry is in force',
    ])
  })
})

describe('elsewhere', () => {
  const there = { account: '210987654321', region: 'eu-west-1' }
  const sweep = { accounts: [there.account], regions: [there.region] }
  const policy = [entryOf(setting('tag-immutability', 'enforce'))]

  test('a repository that somebody changed is judged where it is, if that is swept; nothing is put right', async () => {
    const { state, watch } = world({ config: { sweep, policy } })
    expect(words(await watch(call('PutImageTagMutability', there)))).toEqual(['alerted'])
    expect(state.published).toMatchObject([
      {
        subject: { ...there, repository: 'prod/api' },
        notices: expect.arrayContaining(['Nothing is put right in this registry: the steward only reads there.']),
      },
    ])
    expect(state.repository.writes).toEqual([])
  })

  test('it is put right where something may be written', async () => {
    const { state, watch } = world({ config: { sweep, policy } })
    await watch(call('PutImageTagMutability', { region: there.region }))
    expect(state.repository.writes.map(({ operation }) => operation)).toEqual(['PutImageTagMutability'])
    expect(state.published).toMatchObject([{ kind: 'enforcement', notices: [], subject: { region: there.region } }])
  })

  test('a repository of the same name at home is another one', async () => {
    const { state, watch } = world({ config: { sweep } })
    await watch(call('PutImageTagMutability', there), putMutability)
    expect(state.published.map(({ subject }) => subject.account).toSorted()).toEqual(['123456789012', there.account])
  })

  test.each([
    ['a registry that somebody changed', call('PutRegistryPolicy', { ...there, asked: null })],
    ['scanning that is weakened', scanningChange(['prod/api'], 'MANUAL', there)],
    ['a pull that failed', cacheSync({}, there)],
    ['a repository that is not swept', call('PutImageTagMutability', { ...there, account: '333333333333' })],
  ])('%s is left to the sweep', async (_, event) => {
    const { state, watch } = world({ config: { sweep } })
    expect(words(await watch(event))).toEqual(['elsewhere'])
    expect(state.published).toEqual([])
  })
})

describe('a repository that somebody changed', () => {
  test('is judged by all of its rules, and what begins to fail is told with who did it, by which call, and when', async () => {
    const { state, watch } = world()
    const { outcomes } = await watch(putMutability)
    expect(words({ outcomes })).toEqual(['alerted'])
    const [alert] = state.published
    expect(alert).toMatchObject({
      kind: 'policy',
      subject: { repository: 'prod/api', tags: [] },
      channels: ['security'],
      events: ['event-1'],
    })
    expect(changes(alert)).toEqual(['new tag-immutability', 'new required-tags'])
    expect(alert?.facts).toEqual([
      { name: 'Changed by', value: 'Admin/alice' },
      { name: 'By the call', value: 'PutImageTagMutability' },
      { name: 'At', value: '2026-11-20 08:59 UTC' },
      { name: 'From', value: '203.0.113.7' },
    ])
  })

  test('is told once, however often the event comes, and by push-check and watch together', async () => {
    const { state, watch } = world()
    await watch(putMutability, putMutability)
    expect(words(await watch(putMutability))).toEqual(['known'])
    expect(state.published).toHaveLength(1)
    expect([...state.memory.told.keys()]).toEqual(['repository#123456789012/ap-northeast-1/prod/api'])
  })

  test('by many calls is judged once, and the last call is the one that made it so', async () => {
    const { state, watch } = world()
    const calls = [
      call('SetRepositoryPolicy', { id: 'event-3', at: NOW + 2, by: 'CI/run' }),
      call('DeleteLifecyclePolicy', { id: 'event-1', at: NOW, by: 'CI/run' }),
      call('PutImageTagMutability', { id: 'event-2', at: NOW + 1 }),
    ]
    const result = await watch(...calls)
    expect(words(result).toSorted()).toEqual(['alerted', 'grouped', 'grouped'])
    expect(state.repository.calls).toHaveLength(2)
    expect(state.published[0]?.facts.map(({ value }) => value)).toEqual([
      'CI/run',
      'SetRepositoryPolicy',
      '2026-11-20 09:00 UTC',
      '203.0.113.7',
      'PutImageTagMutability by Admin/alice',
      'DeleteLifecyclePolicy by CI/run',
    ])
  })

  test('and that holds again is fixed in silence, and shown with its next alert', async () => {
    const { state, watch } = world()
    await watch(putMutability)
    state.repository.values.settings = settings()
    const { outcomes } = await watch(call('PutImageTagMutability', { id: 'event-2' }))
    expect(outcomes).toMatchObject([{ outcome: 'fixed', reason: '1 rule that failed before now holds, 1 open' }])
    expect(state.published).toHaveLength(1)
    state.repository.refused.settings = denied
    await watch(
      call('TagResource', {
        id: 'event-3',
        asked: { resourceArn: 'arn:aws:ecr:ap-northeast-1:123456789012:repository/prod/api' },
      }),
    )
    expect(changes(state.published[1])).toEqual(['new tag-immutability', 'known required-tags'])
    state.repository.refused = {}
    state.repository.values.tags = { Owner: 'team-a' }
    await watch(call('TagResource', { id: 'event-4' }))
    expect(state.published).toHaveLength(2)
  })

  test('is told though one value is denied: what needs it is unknown', async () => {
    const { state, watch } = world()
    state.repository.refused.tags = denied
    await watch(putMutability)
    expect(changes(state.published[0])).toEqual(['new tag-immutability', 'new required-tags'])
    expect(state.published[0]?.items[1]?.text).toContain('AccessDeniedException to ListTagsForResource')
  })

  test('waits for a value that may be read later, until the third time', async () => {
    const { state, again } = world()
    state.repository.refused.tags = throttled
    const outcomes = []
    for (const receives of [1, 2, 3]) outcomes.push(...words(await again(putMutability, receives)))
    expect(outcomes).toEqual(['retry', 'retry', 'alerted'])
    expect([...state.memory.held]).toEqual([])
  })

  test('is judged where nobody wants to hear of it', async () => {
    const { state, watch } = world({ config: { alerts: [alertPolicy({ repositories: ['dev/**'] })] } })
    const { outcomes } = await watch(putMutability)
    expect(outcomes).toMatchObject([
      { outcome: 'quiet', reason: expect.stringContaining('no entry of alerts matches') },
    ])
    expect(state.repository.calls).toHaveLength(2)
  })

  test('comes again while another invocation looks at it', async () => {
    const { state, watch } = world()
    state.memory.held.add('repository#123456789012/ap-northeast-1/prod/api')
    expect((await watch(putMutability)).again).toHaveLength(1)
  })

  test('is put right, with who had changed it', async () => {
    const { state, watch } = world({ config: { policy: [entryOf(setting('tag-immutability', 'enforce'))] } })
    expect(words(await watch(putMutability))).toEqual(['enforced'])
    expect(state.published[0]).toMatchObject({ kind: 'enforcement' })
    expect(state.published[0]?.facts).toContainEqual({ name: 'Changed by', value: 'Admin/alice' })
    expect(words(await watch(call('PutImageTagMutability', { id: 'event-2', by: 'push-check' })))).toEqual(['quiet'])
  })
})

describe('a repository that is not there', () => {
  const isGone = ({ state }: ReturnType<typeof world>) => {
    state.repository.refused.settings = new Gone('the repository is not there')
    state.repository.refused.tags = new Gone('the repository is not there')
  }

  test('because it was deleted is forgotten: the next of its name is another', async () => {
    const it = world()
    await it.watch(putMutability)
    isGone(it)
    expect(words(await it.watch(call('DeleteRepository', { id: 'event-2' })))).toEqual(['gone'])
    it.state.repository.refused = {}
    await it.watch(call('CreateRepository', { id: 'event-3' }))
    expect(it.state.published).toHaveLength(2)
  })

  test('yet is waited for, and forgotten in the end', async () => {
    const it = world()
    isGone(it)
    const outcomes = []
    for (const receives of [1, 2, 3]) outcomes.push(...words(await it.again(call('CreateRepository'), receives)))
    expect(outcomes).toEqual(['retry', 'retry', 'gone'])
    expect(it.state.published).toEqual([])
  })

  test('is judged where it was created again before its deletion was heard of', async () => {
    const { state, watch } = world()
    await watch(putMutability)
    expect(words(await watch(call('DeleteRepository', { id: 'event-2' })))).toEqual(['known'])
    expect(state.published).toHaveLength(1)
  })
})

describe('the registry', () => {
  const put = call('PutRegistryScanningConfiguration', { asked: {} })

  test('is judged when somebody changed it, and told to those who look after it', async () => {
    const { state, watch } = world()
    state.registry.scanning = scanning()
    const { outcomes } = await watch(put)
    expect(outcomes).toMatchObject([
      { outcome: 'alerted', reason: expect.stringContaining('what it means for repositories is left to the sweep') },
    ])
    expect(state.published[0]).toMatchObject({ kind: 'policy', channels: ['platform'] })
    expect(state.published[0]?.subject).not.toHaveProperty('repository')
    expect(words(await watch(put))).toEqual(['known'])
  })

  test('that holds again is fixed in silence', async () => {
    const { state, watch } = world()
    state.registry.scanning = scanning()
    await watch(put)
    state.registry.scanning = scanning({ rules: [{ frequency: 'SCAN_ON_PUSH', filters: ['*'] }] })
    expect(words(await watch(call('PutRegistryScanningConfiguration', { id: 'event-2', asked: null })))).toEqual([
      'fixed',
    ])
    expect(words(await watch(call('PutAccountSetting', { id: 'event-3', asked: null })))).toEqual(['quiet'])
    expect(state.published).toHaveLength(1)
  })

  test('that cannot be read is unknown, and told as that', async () => {
    const { state, watch } = world()
    state.refused.scanning = denied
    await watch(put)
    expect(state.published[0]?.severity).toBe('UNDEFINED')
  })
})

describe('scanning that was weakened', () => {
  test('is told with what it was, and the repository is judged', async () => {
    const { state, watch } = world()
    const result = await watch(scanningChange(['prod/api'], 'SCAN_ON_PUSH'))
    expect(words(result)).toEqual(['alerted', 'alerted'])
    expect(state.published.map(({ kind }) => kind)).toEqual(['scanning-weakened', 'policy'])
    expect(state.published[0]).toMatchObject({
      title: 'Scanning weakened in prod/api: CONTINUOUS_SCAN → SCAN_ON_PUSH',
      subject: { repository: 'prod/api' },
    })
    expect(words(await watch(scanningChange(['prod/api'], 'SCAN_ON_PUSH')))).toEqual(['known'])
  })

  test('is one message, also where the rule on scanning fails by it', async () => {
    const { state, watch } = world({
      config: { policy: [entryOf(setting('scan-on-push'))] },
      repository: { scanning: scanning({ scanType: 'ENHANCED' }) },
    })
    await watch(scanningChange(['prod/api']))
    expect(state.published.map(({ kind }) => kind)).toEqual(['scanning-weakened'])
    const { outcomes } = await watch(call('PutImageTagMutability'))
    expect(outcomes).toMatchObject([{ outcome: 'known' }])
  })

  test('to something that nobody knows is weakened', async () => {
    const { state, watch } = world()
    await watch(scanningChange(['prod/api'], 'NEVER'))
    expect(state.published[0]?.kind).toBe('scanning-weakened')
  })

  test('in many repositories is one message for each who looks after some of them', async () => {
    const alerts = [
      alertPolicy({ repositories: ['prod/**'], slack: ['prod'] }),
      alertPolicy({ repositories: ['dev/**'], slack: ['dev'] }),
    ]
    const { state, watch } = world({ config: { alerts, policy: [] } })
    await watch(scanningChange(['prod/api', 'prod/web', 'dev/api', 'other/x']))
    expect(state.published.map(({ title, channels }) => [title, channels])).toEqual([
      ['Scanning weakened in 2 repositories', ['prod']],
      ['Scanning weakened in dev/api: CONTINUOUS_SCAN → MANUAL', ['dev']],
    ])
  })

  test('in the whole registry leaves all but some repositories to the sweep, and says so', async () => {
    const { state, watch } = world({ repository: { settings: settings(), tags: { Owner: 'team-a' } } })
    const many = Array.from({ length: 40 }, (_, n) => `prod/api-${n}`)
    const { outcomes } = await watch(scanningChange(many))
    expect(outcomes[0]?.reason).toContain('; 15 are left to the sweep')
    expect(state.repository.calls).toHaveLength(50)
  })

  test('of which nobody wants to hear is no message', async () => {
    const { state, watch } = world({ config: { alerts: [], policy: [] } })
    expect((await watch(scanningChange(['prod/api']))).outcomes).toMatchObject([
      { outcome: 'known', reason: '1 repository is scanned less: told before, or nobody is told of it' },
    ])
    expect(state.published).toEqual([])
  })

  test('in a repository that is gone, or cannot be looked at now', async () => {
    const { state, watch } = world()
    state.repository.refused.settings = new Gone('the repository is not there')
    expect(words(await watch(scanningChange(['prod/api'])))).toEqual(['alerted'])
    state.repository.refused.settings = throttled
    expect(words(await watch(scanningChange(['prod/api'], 'MANUAL', { id: 'event-2' })))).toEqual(['retry'])
    state.repository.refused = {}
    expect(words(await watch(scanningChange(['prod/api'], 'MANUAL', { id: 'event-2' })))).toEqual(['alerted'])
    expect(state.published.map(({ kind }) => kind)).toEqual(['scanning-weakened', 'scanning-weakened', 'policy'])
  })
})

describe('a replication that failed', () => {
  test('is told of the image where it was pushed, once', async () => {
    const { state, watch } = world()
    const others = [replication({ 'image-tag': 'stable' }, { id: 'event-2' }), replication({}, { id: 'event-3' })]
    expect(words(await watch(replication(), ...others)).toSorted()).toEqual(['alerted', 'grouped', 'grouped'])
    expect(state.published[0]).toMatchObject({
      kind: 'replication-failed',
      subject: { repository: 'prod/api', region: 'us-west-2', tags: ['1.4.2', 'stable'] },
      title: 'Replication of prod/api:1.4.2 to ap-northeast-1 failed',
    })
    expect(words(await watch(replication({}, { id: 'event-4' })))).toEqual(['known'])
  })

  test('is told where the event is sent on from the region that the image did not reach', async () => {
    const { state, watch } = world()
    const sent = { 'source-region': 'ap-northeast-1' }
    await watch(replication(sent, { region: 'eu-west-1' }))
    expect(state.published[0]?.title).toBe('Replication of prod/api:1.4.2 to eu-west-1 failed')
    expect(words(await watch(replication({}, { region: 'eu-west-1' })))).toEqual(['elsewhere'])
  })

  test('is told of the image here where the event does not say where it came from', async () => {
    const { state, watch } = world()
    await watch(replication({ 'source-account': undefined, 'source-region': undefined }))
    expect(state.published[0]?.subject).toMatchObject({ account: '123456789012', region: 'ap-northeast-1' })
  })

  test('is told to nobody where nobody wants to hear of the repository', async () => {
    const { state, watch } = world({ config: { alerts: [] } })
    expect(words(await watch(replication()))).toEqual(['quiet'])
    expect(state.published).toEqual([])
  })
})

describe('a pull through the cache that failed', () => {
  test('is told once for its repository and cause as long as it goes on', async () => {
    const { state, watch } = world()
    await watch(cacheSync())
    expect(state.published[0]).toMatchObject({
      kind: 'cache-failed',
      subject: { repository: 'docker-hub/library/alpine', tags: ['3.20'] },
    })
    for (let hour = 0; hour < 60; hour += 20) {
      state.now = NOW + hour * HOUR
      expect(words(await watch(cacheSync({ 'image-tag': '3.21' }, { id: `event-${hour}` })))).toEqual(['known'])
    }
    expect(words(await watch(cacheSync({ 'failure-code': 'UpstreamUnavailable' }, { id: 'other' })))).toEqual([
      'alerted',
    ])
  })

  test('is told again after a day without it', async () => {
    const { state, watch } = world()
    await watch(cacheSync())
    state.now = NOW + 24 * HOUR
    expect(words(await watch(cacheSync({}, { id: 'event-2' })))).toEqual(['alerted'])
  })

  test('is told with whatever the event says of it', async () => {
    const { state, watch } = world()
    const nothing = Object.fromEntries(
      ['ecr-repository-prefix', 'upstream-registry-url', 'image-tag', 'failure-code', 'failure-reason'].map((name) => [
        name,
        undefined,
      ]),
    )
    await watch(cacheSync(nothing))
    expect(state.published[0]?.summary).toBe('ECR could not bring it from its upstream.')
  })

  test('of more causes than are kept forgets the oldest', async () => {
    const { state, watch } = world()
    for (let n = 0; n < 25; n++) {
      state.now = NOW + n
      await watch(cacheSync({ 'failure-code': `Cause${n}` }, { id: `event-${n}` }))
    }
    const [kept] = state.incidents.told.values()
    expect(Object.keys(kept ?? {})).toHaveLength(20)
    expect(words(await watch(cacheSync({ 'failure-code': 'Cause24' }, { id: 'last' })))).toEqual(['known'])
  })
})

describe('what goes wrong', () => {
  beforeEach(() => void vi.spyOn(console, 'error').mockReturnValue(undefined))
  afterEach(() => void vi.restoreAllMocks())

  test.each([
    ['verdicts', putMutability],
    ['an incident', replication()],
    ['scanning', scanningChange(['prod/api'])],
    ['the registry', call('PutRegistryPolicy', { asked: null })],
  ])('while telling of %s comes again, and is told then', async (_, event) => {
    const { state, watch } = world()
    state.registry.scanning = scanning()
    state.onPublish = () => {
      throw new TypeError('socket hang up')
    }
    expect(words(await watch(event))).toEqual(['retry'])
    expect([...state.memory.held, ...state.incidents.held]).toEqual([])
    state.onPublish = undefined
    expect(words(await watch(event))).toContain('alerted')
  })

  test('with one record leaves its neighbours unharmed', async () => {
    const { watch } = world()
    const bad = call('PutImageTagMutability', { asked: { repositoryName: '<!channel>' } })
    expect(words(await watch(bad, putMutability))).toEqual(['invalid', 'alerted'])
  })
})
