import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { AlertSchema } from '../../functions/domain/alert.ts'
import type { Telling } from '../../functions/domain/compose.ts'
import type { Exception } from '../../functions/domain/exception.ts'
import { composePolicy } from '../../functions/domain/policy-alert.ts'
import type { Verdict } from '../../functions/domain/verdict.ts'
import type { PolicyItem } from '../../functions/domain/verdict-item.ts'
import { image, policyTelling, verdict } from '../builders.ts'

const item = (change: Partial<Verdict> = {}, told: PolicyItem['change'] = 'new'): PolicyItem => ({
  verdict: verdict(change),
  change: told,
})

const size = item({ rule: 'max-image-size', severity: 'HIGH', reason: 'It has 2 GB.', evidence: [] })
const { fix: _, ...unfixable } = verdict()
const unread: PolicyItem = {
  verdict: {
    ...unfixable,
    outcome: 'unknown',
    severity: 'UNDEFINED',
    reason: 'ECR answered AccessDenied.',
    evidence: [],
  },
  change: 'new',
}
const exception: Exception = {
  rule: 'tag-immutability',
  repositories: ['prod/*'],
  reason: 'until the pipeline is rebuilt',
  owner: 'team-a',
  expires: '2027-01-31',
  line: 40,
}
const excepted = item({ exception: { state: 'excepted', exception } })
const fixed = item({ rule: 'scan-on-push', outcome: 'pass', reason: 'It is scanned.' }, 'gone')

const ofImage: Partial<Telling> = { subject: image() }
const byAlice = { by: 'alice', call: 'PutImageTagMutability', at: '2026-11-20T08:58:12Z' }

describe('a tag that moved', () => {
  test.each([
    ['is the title where nothing else is new', [item()], 'Tag moved: prod/api:stable'],
    ['goes before another rule', [item(), size], 'Tag moved: prod/api:stable, and 1 more rule fails'],
    [
      'counts the others',
      [item(), size, item({ rule: 'platforms' })],
      'Tag moved: prod/api:stable, and 2 more rules fail',
    ],
    ['is not told by rules that allow it', [size], '1 rule fails in prod/api:1.4.2: max-image-size'],
  ])('%s', (_, items, title) => {
    expect(composePolicy(policyTelling({ ...ofImage, moved: ['stable'] }), items).title).toBe(title)
  })
})

describe('the alert on verdicts', () => {
  const alert = composePolicy(policyTelling(ofImage), [item(), size, excepted, item({ outcome: 'pass' })])

  test('is a valid envelope', () => {
    expect(v.parse(AlertSchema, alert)).toEqual(alert)
  })

  test('says how many rules fail where, and how badly', () => {
    expect(alert).toMatchObject({
      kind: 'policy',
      severity: 'HIGH',
      title: '2 rules fail in prod/api:1.4.2',
      summary: '1 high, 1 medium, 1 excepted',
      todo: 'Mend each as shown with it, or agree on an exception in steward.yaml.',
    })
    expect(alert).not.toHaveProperty('command')
  })

  test('lists the worst first, what is excepted below it, and nothing that passes', () => {
    expect(alert.items.map(({ id, change }) => `${id} ${change}`)).toEqual([
      'max-image-size new',
      'tag-immutability new',
      'tag-immutability excepted',
    ])
  })

  test('has for each fail the reason, what it rests on, and what mends it', () => {
    expect(alert.items[1]).toEqual({
      id: 'tag-immutability',
      severity: 'MEDIUM',
      change: 'new',
      subject: 'prod/api:1.4.2',
      text: 'Tags can be moved to another image.',
      notes: ['Tag mutability: MUTABLE'],
      fix: 'Make the tags of the repository immutable.',
      command: 'aws ecr put-image-tag-mutability --repository-name prod/api',
      cdk: 'imageTagMutability: TagMutability.IMMUTABLE',
    })
  })

  test('says of what is excepted until when, by whom, why and where, and offers no fix', () => {
    expect(alert.items[2]).not.toHaveProperty('fix')
    expect(alert.items[2]?.notes[0]).toBe(
      'excepted until 2027-01-31 by team-a: until the pipeline is rebuilt (steward.yaml, line 40)',
    )
  })

  test('leads to the page of what it is about', () => {
    expect(alert.links[0]?.url).toContain('/repositories/private/123456789012/prod/api/_/image/sha256')
    expect(composePolicy(policyTelling(), [item()]).links[0]?.url).toMatch(/\/prod\/api\?region=ap-northeast-1$/)
  })
})

test.each<[string, Partial<Telling>, PolicyItem[], string, string]>([
  ['one rule', ofImage, [size], '1 rule fails in prod/api:1.4.2: max-image-size', 'It has 2 GB.'],
  [
    'an unknown',
    {},
    [unread],
    'Could not be judged: prod/api',
    'It is unknown whether the rule tag-immutability holds.',
  ],
  ['two unknowns', {}, [unread, unread], 'Could not be judged: prod/api', '2 could not be judged'],
  [
    'a fail and an unknown',
    {},
    [size, unread],
    '1 rule fails in prod/api: max-image-size',
    '1 high, 1 could not be judged',
  ],
  [
    'news beside what is known',
    {},
    [size, item({}, 'known'), fixed],
    '2 rules fail in prod/api',
    '1 new, 1 known, 1 fixed',
  ],
  ['what is fixed', {}, [fixed], 'Fixed in prod/api: scan-on-push', '1 fixed'],
  ['much that is fixed', {}, [fixed, fixed, fixed], 'Fixed in prod/api: 3 rules', '3 fixed'],
  ['what is excepted alone', {}, [excepted], 'Excepted in prod/api: tag-immutability', '1 excepted'],
  [
    'the registry',
    { subject: { account: '123456789012', region: 'eu-west-1', tags: [] } },
    [item({ rule: 'registry-policy' })],
    '1 rule fails in the registry 123456789012 in eu-west-1: registry-policy',
    'Tags can be moved to another image.',
  ],
  [
    'a change',
    { change: byAlice },
    [item()],
    'Drift in prod/api: tags can be moved to another image (by alice)',
    'The rule tag-immutability no longer holds.',
  ],
  [
    'a change that breaks two',
    { change: byAlice },
    [item(), item({ rule: 'scan-on-push' })],
    'Drift in prod/api: 2 rules fail (by alice)',
    '2 medium',
  ],
  [
    'a change beside what it cannot have caused',
    { change: byAlice },
    [item(), item({ rule: 'lifecycle-policy', severity: 'HIGH' })],
    'Drift in prod/api: tags can be moved to another image (by alice)',
    '1 high, 1 medium',
  ],
  [
    'a change that cannot have caused it',
    { change: byAlice },
    [item({ rule: 'lifecycle-policy', reason: 'There is no lifecycle policy.' })],
    '1 rule fails in prod/api: lifecycle-policy',
    'There is no lifecycle policy.',
  ],
  [
    'a change with a long reason',
    { change: byAlice },
    [item({ reason: 'R'.repeat(91) })],
    'Drift in prod/api: tag-immutability fails (by alice)',
    'R'.repeat(91),
  ],
  [
    'a change whose reason begins with a name',
    { change: byAlice },
    [item({ reason: 'KMS is not used.' })],
    'Drift in prod/api: KMS is not used (by alice)',
    'The rule tag-immutability no longer holds.',
  ],
  [
    'a change that broke nothing new',
    { change: byAlice },
    [item({}, 'known')],
    '1 rule fails in prod/api: tag-immutability',
    '1 known',
  ],
  [
    'a change by a long name',
    { change: { ...byAlice, by: 'x'.repeat(99) } },
    [item()],
    `Drift in prod/api: tags can be moved to another image (by ${'x'.repeat(59)}…)`,
    'The rule tag-immutability no longer holds.',
  ],
  [
    'a repository that is new',
    { change: { ...byAlice, call: 'CreateRepository' } },
    [item()],
    '1 rule fails in prod/api: tag-immutability (by alice)',
    'Tags can be moved to another image.',
  ],
])('the headline on %s', (_, telling, items, title, summary) => {
  const alert = composePolicy(policyTelling(telling), items)
  expect([alert.title, alert.summary]).toEqual([title, summary])
})

describe('what to do', () => {
  test('is the fix, where one rule fails', () => {
    const { todo, command } = composePolicy(policyTelling(), [item(), excepted, fixed])
    expect(todo).toBe('Make the tags of the repository immutable.')
    expect(command).toBe('aws ecr put-image-tag-mutability --repository-name prod/api')
    expect(composePolicy(policyTelling(), [item({ fix: { text: 'Push a newer one.' } })])).not.toHaveProperty('command')
  })

  test('is to make it readable, where something could not be judged', () => {
    expect(composePolicy(policyTelling(), [unread]).todo).toBe(
      'Not judged is not passed: mend what stands in the way, then check again.',
    )
    const mendable = item({ outcome: 'unknown', severity: 'UNDEFINED', fix: { text: 'Have the build say it.' } })
    expect(composePolicy(policyTelling(), [mendable]).todo).toBe('Have the build say it.')
    expect(composePolicy(policyTelling(), [mendable, mendable]).todo).toMatch(/^Not judged is not passed/)
    expect(composePolicy(policyTelling(), [item(), unread])).toMatchObject({
      todo: 'Make the tags of the repository immutable. For what could not be judged: mend what stands in the way, then check again.',
      command: 'aws ecr put-image-tag-mutability --repository-name prod/api',
    })
  })

  test('names exceptions only where there may be one', () => {
    const subject = { account: '123456789012', region: 'eu-west-1', tags: [] }
    expect(composePolicy(policyTelling({ subject }), [size, item()]).todo).toBe('Mend each as shown with it.')
  })

  test('is nothing, where nothing is open', () => {
    expect(composePolicy(policyTelling(), [fixed, excepted]).todo).toBe('Nothing has to be done.')
  })
})

describe('an unknown verdict', () => {
  test('is told as unknown: without a severity, and never as a pass', () => {
    const alert = composePolicy(policyTelling(), [unread])
    expect(alert.severity).toBe('UNDEFINED')
    expect(alert.items[0]).toMatchObject({
      severity: 'UNDEFINED',
      text: 'Could not be judged: ECR answered AccessDenied.',
    })
  })
})

describe('an exception that has expired', () => {
  test('is named, and the rule fails as if there were none', () => {
    const alert = composePolicy(policyTelling(), [item({ exception: { state: 'expired', exception } })])
    expect(alert.severity).toBe('MEDIUM')
    expect(alert.items[0]).toMatchObject({
      change: 'new',
      fix: 'Make the tags of the repository immutable.',
      notes: [
        'the exception of team-a expired on 2027-01-31: until the pipeline is rebuilt (steward.yaml, line 40)',
        'Tag mutability: MUTABLE',
      ],
    })
  })
})

describe('who changed it', () => {
  test('stands in the facts with the call and the time', () => {
    const alert = composePolicy(policyTelling({ change: byAlice, facts: [{ name: 'Pushed', value: 'now' }] }), [item()])
    expect(alert.facts).toEqual([
      { name: 'Changed by', value: 'alice' },
      { name: 'By the call', value: 'PutImageTagMutability' },
      { name: 'At', value: '2026-11-20 08:58 UTC' },
      { name: 'Pushed', value: 'now' },
    ])
  })
})

describe('the id', () => {
  const idOf = (telling: Partial<Telling>, ...items: PolicyItem[]): string =>
    composePolicy(policyTelling(telling), items).id

  test('is the same for a repeated delivery', () => {
    expect(idOf({ now: new Date('2026-11-20T10:00:00Z') }, item())).toBe(idOf({}, item()))
  })

  test('is another one for another event, so that the same drift is told again when it comes again', () => {
    expect(idOf({ events: ['event-2'] }, item())).not.toBe(idOf({}, item()))
  })

  test('is another one for other verdicts and for another subject', () => {
    const ids = [idOf({}, item()), idOf({}, size), idOf({}, item({}, 'known')), idOf(ofImage, item())]
    expect(new Set(ids).size).toBe(4)
  })
})
