import { describe, expect, test } from 'vitest'
import type { Alert } from '../../../functions/domain/alert.ts'
import { composeEnforcement } from '../../../functions/domain/enforcement-alert.ts'
import { composeIncident } from '../../../functions/domain/incident-alert.ts'
import { composePolicy } from '../../../functions/domain/policy-alert.ts'
import type { EcrWrite } from '../../../functions/domain/rule/remedy.ts'
import type { Verdict } from '../../../functions/domain/verdict.ts'
import type { PolicyItem } from '../../../functions/domain/verdict-item.ts'
import { compose, composePlain } from '../../../functions/notify/message/compose.ts'
import { judge } from '../../../local/slack/validate.ts'
import { image, policyTelling, verdict } from '../../builders.ts'
import { barOf, headerOf, shown } from './shown.ts'

const item = (change: Partial<Verdict> = {}, told: PolicyItem['change'] = 'new'): PolicyItem => ({
  verdict: verdict(change),
  change: told,
})

const size = item({
  rule: 'max-image-size',
  severity: 'HIGH',
  reason: 'It has 2 GB.',
  evidence: [],
  fix: { text: 'Build in stages.' },
})
const unread = item({
  rule: 'scanned',
  outcome: 'unknown',
  severity: 'UNDEFINED',
  reason: 'ECR is down.',
  evidence: [],
})
const fixed = item({ rule: 'encryption', outcome: 'pass' }, 'gone')
const exception = { repositories: ['**'], reason: 'a test', owner: 'team-a', expires: '2027-01-31', line: 40 }
const excepted = item({ rule: 'base-image', exception: { state: 'excepted', exception } })

const policy = (...items: PolicyItem[]): Alert => composePolicy(policyTelling({ subject: image() }), items)

describe('rules that fail', () => {
  const alert = policy(item(), size, unread, excepted)

  test('stand under a verdict and what to do, the worst first', () => {
    expect(headerOf(alert)).toBe('🟠 High: 2 rules fail in prod/api:1.4.2')
    const lines = shown(alert)
    const order = [
      '*High*  ·  1 high, 1 medium',
      '*What to do*\nMend each',
      '*max-image-size*',
      '*tag-immutability*',
      '*scanned*',
      '*Excepted*',
      '*Image*',
    ]
    const places = order.map((part) => lines.indexOf(part))
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
  })

  test('have each the reason, the fix, its command in a code block, and in small print what they rest on', () => {
    expect(shown(alert)).toContain(
      [
        '🟡  *tag-immutability*  ·  Medium',
        'Tags can be moved to another image.',
        '→ Make the tags of the repository immutable.',
        'In the CDK: `imageTagMutability: TagMutability.IMMUTABLE`',
        '```aws ecr put-image-tag-mutability --repository-name prod/api```',
        'Tag mutability: MUTABLE',
      ].join('\n'),
    )
  })

  test('are not called findings', () => {
    expect(JSON.stringify(compose(alert, 'security'))).not.toMatch(/finding/i)
    expect(composePlain(alert).text).not.toMatch(/finding/i)
  })

  test('that could not be judged are unknown, in violet', () => {
    expect(shown(alert)).toContain('🟣  *scanned*  ·  Unknown\nCould not be judged: ECR is down.')
    expect(barOf(policy(unread)).color).toBe('#7c3aed')
    expect(headerOf(policy(unread))).toBe('🟣 Could not be judged: prod/api:1.4.2')
  })

  test('that are excepted are shown with who agreed, until when and why, and no fix', () => {
    expect(shown(alert)).toContain(
      '⏸️  *Excepted*\n•  *base-image*  ·  Tags can be moved to another image.\nexcepted until 2027-01-31 by team-a: a test (steward.yaml, line 40)',
    )
  })

  test('whose exception has expired say so in bold', () => {
    expect(shown(policy(size, item({ exception: { state: 'expired', exception } })))).toContain(
      '⌛ *the exception of team-a expired on 2027-01-31: a test (steward.yaml, line 40)*  ·  Tag mutability: MUTABLE',
    )
  })

  test('are marked as new and known before where the alert follows another, and what is fixed is named', () => {
    const lines = shown(policy(item(), item({ rule: 'scan-on-push' }, 'known'), fixed))
    expect(lines).toContain('*tag-immutability*  ·  Medium, new')
    expect(lines).toContain('*scan-on-push*  ·  Medium, known before')
    expect(lines).toContain('✅  *Fixed*\n~encryption~')
  })

  test('that are fixed for good make a green message', () => {
    expect(barOf(policy(fixed)).color).toBe('#16a34a')
    expect(headerOf(policy(fixed))).toBe('✅ Fixed in prod/api:1.4.2: encryption')
  })
})

describe('a rule that fails alone', () => {
  test('has its fix and command once, as what to do', () => {
    const lines = shown(policy(item()))
    expect(lines).toContain(
      '*What to do*\nMake the tags of the repository immutable.\n```aws ecr put-image-tag-mutability --repository-name prod/api```',
    )
    expect(lines.split('Make the tags')).toHaveLength(2)
    expect(lines.split('```')).toHaveLength(3)
  })
})

describe('what is too much for a message', () => {
  const long = (length: number) => ({ text: 'Put it.', command: `aws ecr ${'x'.repeat(length)}` })

  test('is a command over 1,000 characters: the alert itself has it', () => {
    const lines = shown(policy(size, item({ fix: long(1_100) })))
    expect(lines).not.toContain('```')
    expect(lines).toContain('→ Put it.\n_The command does not fit in here; the alert itself has it._')
  })

  test('are rules over the tenth, and those that do not fit: whole ones are left out, and counted', () => {
    const many = (length: number) =>
      Array.from({ length: 14 }, (_, n) => item({ rule: `rule-${n}`, fix: long(length) }))
    expect(shown(policy(...many(10)))).toContain('_… and 4 more_')
    const lines = shown(policy(...many(900)))
    const told = lines.match(/```aws ecr x{900}```/g)?.length ?? 0
    expect(told).toBeGreaterThan(5)
    expect(lines).toContain(`_… and ${14 - told} more_`)
    expect(judge(JSON.parse(JSON.stringify(compose(policy(...many(900)), 'security')))).faults).toEqual([])
  })

  test('is evidence over the sixth, and exceptions over the sixth', () => {
    const evidence = Array.from({ length: 9 }, (_, n) => ({ name: `Layer ${n}`, value: 'x' }))
    const lines = shown(policy(item({ evidence }), ...Array.from({ length: 8 }, () => excepted)))
    expect(lines).toContain('Layer 5: x  ·  … and 3 more')
    expect(lines.match(/excepted until/g)).toHaveLength(6)
    expect(lines).toContain('_… and 2 more_')
  })
})

describe('a setting that was put right', () => {
  const undo: EcrWrite = { operation: 'DeleteLifecyclePolicy', input: { repositoryName: 'prod/api' } }
  const remedy = { what: 'Put a lifecycle policy', write: { ...undo, operation: 'PutLifecyclePolicy' as const }, undo }

  test('is told in green, with the command that takes it back', () => {
    const alert = composeEnforcement(policyTelling(), [{ verdict: verdict(), remedy, state: 'done' }])
    expect(headerOf(alert)).toBe('✅ Put right in prod/api: tag immutability')
    expect(barOf(alert).color).toBe('#16a34a')
    expect(shown(alert)).toContain(
      '✅  *tag-immutability*  ·  Put right\nPut a lifecycle policy: done, and read back.\n→ This takes it back:\n```aws ecr delete-lifecycle-policy --region ap-northeast-1 --repository-name prod/api```',
    )
  })

  test('stands beside one that was not, which comes first', () => {
    const alert = composeEnforcement(policyTelling(), [
      { verdict: verdict(), remedy, state: 'done' },
      { verdict: verdict({ rule: 'lifecycle-policy' }), remedy, state: 'failed', why: 'ECR is down' },
    ])
    expect(headerOf(alert)).toBe('🟡 Medium: Could not put right in prod/api: lifecycle policy')
    expect(shown(alert)).toMatch(/lifecycle-policy\*[\s\S]* failed, ECR is down\.[\s\S]*tag-immutability\*/)
  })
})

describe('what is about the registry', () => {
  const subject = { account: '123456789012', region: 'ap-northeast-1', tags: [] }
  const repositories = Array.from({ length: 23 }, (_, n) => ({
    repository: `prod/${n}`,
    was: 'CONTINUOUS_SCAN',
    is: 'MANUAL',
  }))
  const alert = composeIncident(policyTelling({ subject }), { kind: 'scanning-weakened', repositories })

  test('names the registry, and no image', () => {
    expect(shown(alert)).toContain('*Registry*\n123456789012 · ap-northeast-1')
    expect(shown(alert)).not.toMatch(/\*(Image|Tags|Digest|Repository)\*/)
    expect(composePlain(alert).text).toContain('the registry (123456789012, ap-northeast-1)')
  })

  test('lists twenty repositories, and counts the others', () => {
    expect(shown(alert)).toContain('*Repositories*\n•  `prod/0`  CONTINUOUS_SCAN → MANUAL')
    expect(shown(alert)).toContain('_… and 3 more_')
  })

  test('lists none where there is none', () => {
    const none = composeIncident(policyTelling({ subject }), { kind: 'scanning-weakened', repositories: [] })
    expect(shown(none)).not.toContain('*Repositories*')
  })
})

describe('the plain message', () => {
  test('has the rules with their reasons, without the image on each line', () => {
    expect(composePlain(policy(item(), size)).text).toContain(
      '• max-image-size It has 2 GB.\n• tag-immutability Tags can be moved to another image.',
    )
  })
})
