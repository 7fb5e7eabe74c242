import fc from 'fast-check'
import { expect, test } from 'vitest'
import { emptyScan } from '../../../cli/images/scan-of.ts'
import { fileText } from '../../../cli/init/document.ts'
import type { Account, JudgedImage, Read } from '../../../cli/init/look.ts'
import { proposalFor } from '../../../cli/init/proposal.ts'
import { candidatesIn, standingOf } from '../../../cli/init/standing.ts'
import { messagesOf, todayOf } from '../../../cli/init/today.ts'
import { parseConfig } from '../../../config/load.ts'
import type { RepositoryRef } from '../../../functions/domain/facts/repository-facts.ts'
import { rulesFor } from '../../../functions/domain/policy.ts'
import { known, unread } from '../../../functions/domain/rule/fact.ts'
import { RULES } from '../../../functions/domain/rulebook.ts'
import type { Verdict } from '../../../functions/domain/verdict.ts'

const NOW = new Date('2026-11-24T12:00:00Z')
const HOME = { account: '123456789012', region: 'ap-northeast-1' }

/** What would end a comment, begin another key, or run in a terminal, if it could. */
const hostile = fc.oneof(
  fc.constantFrom(
    ...[
      'x\npolicy: []',
      'a # b',
      ': {',
      '"',
      "'",
      '*',
      '**',
      '- &a',
      '\u2028enforce',
      '\u0085x: y',
      '\u001b[2J',
      '%TAG',
      '',
    ],
    ...[
      '\r\nclean-up: { mode: apply }',
      '| >',
      '{{',
      '<!channel>',
      '\ud800',
      '\ufeff',
      'ready for enforce: all 9 pass',
      '__proto__',
    ],
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
)
const name = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('prod/a', 'prod/b', 'prod/c', 'team/a', 'team/b', 'ci/x', 'ci/y', 'solo', 'z/1', 'z/2'),
  },
  { weight: 1, arbitrary: hostile },
  { weight: 1, arbitrary: hostile.map((text) => `${text}/a`) },
)
const factOf = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 19, arbitrary: value.map(known) }, { weight: 1, arbitrary: hostile.map(unread) })
const allow = (Principal: unknown, Action: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Sid: 'x\n#', Effect: 'Allow', Principal, Action }] })
const policy = fc.oneof(
  fc.constant(undefined),
  hostile,
  hostile.map((text) => allow({ AWS: text }, 'ecr:BatchGetImage')),
  fc.constantFrom(
    allow({ AWS: '999999999999' }, 'ecr:BatchGetImage'),
    allow('*', 'ecr:*'),
    allow({ Service: 'x.amazonaws.com' }, 'ecr:BatchGetImage'),
  ),
)
const settings = fc.record({
  tagMutability: fc.constantFrom('MUTABLE', 'IMMUTABLE', 'IMMUTABLE', 'IMMUTABLE_WITH_EXCLUSION'),
  exclusions: fc.array(fc.oneof(fc.constantFrom('latest', 'dev-*', '*'), hostile), { maxLength: 2 }),
  scanOnPush: fc.boolean(),
  encryption: fc.record({ type: fc.constantFrom('AES256', 'KMS') }),
})
const scanning = fc.constant({ scanType: 'BASIC', rules: [] })
const tags = fc.dictionary(fc.oneof(fc.constantFrom('owner', 'team'), hostile), fc.constantFrom('x', ''), {
  maxKeys: 3,
})

const repository: fc.Arbitrary<Read<RepositoryRef>> = fc.record({
  ref: name.map((repository) => ({ ...HOME, repository })),
  facts: fc.record({
    ...{ settings: factOf(settings), policy: factOf(policy), tags: factOf(tags), scanning: factOf(scanning) },
    lifecyclePolicy: factOf(fc.constantFrom(undefined, '{"rules":[]}')),
  }),
})
const outcome = fc.constantFrom<Verdict['outcome'][]>('pass', 'pass', 'fail', 'unknown', 'not-applicable')
const OF_IMAGES = RULES.filter(({ about }) => about === 'image')
const image = ({ ref }: Read<RepositoryRef>): fc.Arbitrary<JudgedImage> =>
  fc.record({
    ref: hostile.map((tag) => ({ ...ref, digest: `sha256:${'0'.repeat(64)}`, tags: [tag] })),
    verdicts: fc
      .array(fc.record({ outcome, reason: hostile }), { minLength: OF_IMAGES.length, maxLength: OF_IMAGES.length })
      .map((cases) =>
        cases.map((one, index) => {
          const { id: rule = '', severity = 'LOW' } = OF_IMAGES[index] ?? {}
          return { ...one, rule, severity, mode: 'report' as const, evidence: [], line: 0 }
        }),
      ),
    scan: fc.constantFrom(
      emptyScan('complete'),
      { ...emptyScan('complete'), counts: { HIGH: 2 } },
      emptyScan('failed'),
    ),
    unread: fc.constant([]),
  })

const replication = fc.array(
  fc.record({
    destinations: fc.array(
      fc.record({
        region: fc.constantFrom('eu-west-1', 'us-east-1'),
        account: fc.constantFrom(HOME.account, '999999999999'),
      }),
      { minLength: 1, maxLength: 2 },
    ),
    prefixes: fc.constantFrom([], ['prod/']),
  }),
  { maxLength: 3 },
)
const cacheRules = fc.array(fc.record({ prefix: hostile, upstream: hostile }), { maxLength: 2 })
const registry = fc.record({
  ...{ scanning: factOf(scanning), policy: factOf(policy), replication: factOf(replication) },
  cacheRules: factOf(cacheRules),
})
const account: fc.Arbitrary<Account> = fc
  .record({
    facts: registry,
    repositories: fc.uniqueArray(repository, { selector: ({ ref }) => ref.repository, maxLength: 10 }),
    unlisted: fc.oneof({ weight: 8, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: hostile }),
  })
  .chain(({ facts, repositories, unlisted }) =>
    fc.tuple(...repositories.map(image)).map((images) => ({
      ...{
        registry: { ref: HOME, facts },
        repositories,
        images,
        looked: images.length,
        cut: [],
        missing: [],
        now: NOW,
      },
      ...(unlisted !== undefined && { unlisted }),
    })),
  )

/** What the comment on a rule says in numbers. */
function saidIn(line: string) {
  const [, comment = ''] = /^[^#]*?(?:report|enforce|\}) # (.*)$/.exec(line) ?? []
  const all = /^(?:ready for enforce: |nothing to put right: )?(?:all ([\d,]+) pass|the only one passes)$/.exec(comment)
  const some = /^([\d,]+) of ([\d,]+) fails?: /.exec(comment)
  const none = /^all ([\d,]+) fail/.exec(comment)
  return {
    isReady: comment.startsWith('ready for enforce: '),
    ...(all && { pass: Number(all[1] ?? 1), fails: 0 }),
    ...(none && { pass: 0, fails: Number(none[1]), total: Number(none[1]) }),
    ...(some && { fails: Number(some[1]), total: Number(some[2]) }),
  }
}

test('whatever an account is, the file parses, means what its comments say, and enforces nothing that fails', () => {
  let [read, ready] = [0, 0]
  const property = fc.property(account, fc.boolean(), (seen, enforce) => {
    const proposal = proposalFor(seen, enforce)
    const text = fileText(seen, proposal)
    const parsed = parseConfig(text, 'steward.yaml', NOW)
    if (!('config' in parsed)) throw new Error(`${JSON.stringify(parsed.faults)}\n${text}`)
    const { config, warnings } = parsed
    expect([warnings, fileText(seen, proposalFor(seen, enforce)) === text]).toEqual([[], true])
    expect([config.cleanUp, config.operations.email, config.alerts.length]).toEqual([
      expect.objectContaining({ mode: 'dry-run', entries: [] }),
      ...[[], 1],
    ])
    expect(config.policy.map(({ rules }) => rules.length)).toEqual(proposal.entries.map(({ rules }) => rules.length))
    expect(messagesOf(todayOf(seen, config))).toBeGreaterThanOrEqual(0)
    const all = candidatesIn(seen)
    const lines = text.split('\n')
    for (const about of ['repository', 'image'] as const) {
      const decided = all[about].flatMap((candidate) =>
        rulesFor(config.policy, candidate.repository, about).map((rule) => ({ rule, candidate })),
      )
      for (const [line, some] of Map.groupBy(decided, ({ rule }) => rule.line)) {
        const [{ rule }] = some as [(typeof some)[0]]
        const { pass, fails, unknowns } = standingOf(
          rule,
          some.map(({ candidate }) => candidate),
        )
        const said = saidIn(lines[line - 1] ?? '')
        const found = { pass, fails: fails.length, total: pass + fails.length + unknowns.length }
        expect([lines[line - 1], found]).toMatchObject([expect.stringContaining(`${rule.rule.id}: `), omit(said)])
        read += Number('fails' in said)
        if (!said.isReady && rule.mode === 'report') continue
        ready += 1
        expect([rule.rule.enforceable, fails.length + unknowns.length, seen.unlisted]).toEqual([true, 0, undefined])
      }
    }
  })
  fc.assert(property, { numRuns: 60 })
  expect([read > 200, ready > 5]).toEqual([true, true])
})

const omit = ({ isReady: _, ...numbers }: ReturnType<typeof saidIn>) => numbers
