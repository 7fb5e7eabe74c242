import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseConfig } from '../../config/parse.ts'
import { NOW, POLICY } from './read.ts'

const isConfig = new Ajv({ allErrors: true }).compile(
  JSON.parse(readFileSync(resolve(import.meta.dirname, '../../steward.schema.json'), 'utf8')),
)

const KMS = 'arn:aws:kms:eu-west-1:222222222222:'
const SIGNER = 'arn:aws:signer:eu-west-1:222222222222:/signing-profiles/'

it('the schema and the reader refuse the same data, but for what only the reader can say', () => {
  const name = fc.constantFrom('a', 'security', 'Bad', 'a b', '', 'x'.repeat(81))
  const odd = fc.constantFrom<unknown>(null, 0, true, '', [], {}, [null], 'sns', { secret: 'a' })
  const mostly = <T>(good: fc.Arbitrary<T>) => fc.oneof({ weight: 12, arbitrary: good }, { weight: 1, arbitrary: odd })
  const entry = fc.record(
    {
      repositories: mostly(
        fc.array(mostly(fc.constantFrom('**', 'prod/*', 'prod/', 'Prod', '', 'a//b')), { maxLength: 3 }),
      ),
      threshold: mostly(fc.constantFrom('HIGH', 'LOW', 'UNDEFINED', 'high')),
      to: mostly(fc.array(mostly(fc.constantFrom('sns', 'slack:a', 'slack:', 'slack:A', 'teams:a')), { maxLength: 3 })),
      extra: odd,
    },
    { requiredKeys: ['repositories', 'to'] },
  )
  const secret = fc.constantFrom('a/b', 'a b', `https://${['hooks', 'slack', 'com'].join('.')}/x`, 'x'.repeat(513))
  const channel = mostly(
    fc.record({ 'slack-webhook': mostly(fc.record({ secret: mostly(secret) }, { requiredKeys: [] })) }),
  )
  /** Mostly a value that is right, so that a file is mostly wrong in one place. */
  const near = (right: readonly unknown[], wrong: readonly unknown[]): fc.Arbitrary<unknown> =>
    fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...right) }, { weight: 1, arbitrary: fc.constantFrom(...wrong) })
  const some = (of: fc.Arbitrary<unknown>) =>
    fc.oneof({ weight: 40, arbitrary: fc.array(of, { minLength: 1, maxLength: 2 }) }, fc.constant([]), odd)
  const patterns = some(near(['**', 'prod/*'], ['Prod', 7]))
  const receivers = some(near(['sns', 'slack:a'], ['teams:a', null]))
  const mode = near(['off', 'report'], ['enforce', 'Report', true])
  const setting = (parameters: Record<string, fc.Arbitrary<unknown>>) =>
    fc.oneof(
      mode,
      fc.record({ mode, ...parameters }),
      fc.record({ mode, severity: near(['HIGH'], ['UNDEFINED']), ...parameters }, { requiredKeys: ['mode'] }),
      { weight: 1, arbitrary: odd },
    )
  const settings = {
    'tag-immutability': setting({ exclusions: some(near(['latest'], ['a b'])) }),
    'max-image-size': setting({ limit: near(['1 GB', '1.5MB'], ['1 GiB', '500', 500]) }),
    'required-tags': setting({
      keys: some(near(['owner', 'Kosten 1', 'Ünit'], ['aws:a', 'a?'])),
      values: fc.dictionary(fc.constantFrom('owner', 'a b'), near(['a', ''], [7]), { maxKeys: 2 }),
    }),
    'tag-naming': setting({
      kinds: some(near(['semver'], ['calver'])),
      patterns: some(near(['v.'], ['(?=a)', '('])),
    }),
    'lifecycle-policy': setting({ 'untagged-days': near([1, 36_500], [0, 36_501, 1.5, '1']) }),
  }
  const rules = fc.oneof(
    fc.record(settings, { requiredKeys: [] }),
    ...Object.entries(settings).map(([id, one]) => one.map((value) => ({ [id]: value }))),
  )
  const registryRules = fc.record(
    {
      'registry-scanning': setting({ 'scan-type': near(['BASIC'], ['basic']) }),
      replication: setting({ destinations: some(near(['eu-west-1'], ['mars'])) }),
    },
    { requiredKeys: [] },
  )
  const extra = { weight: 1, arbitrary: fc.record({ extra: odd, 'tag-immutability': mode }, { requiredKeys: [] }) }
  const withExtra = (of: fc.Arbitrary<object>) =>
    fc.oneof(
      { weight: 15, arbitrary: of },
      { ...extra, arbitrary: fc.tuple(of, extra.arbitrary).map(([a, b]) => ({ ...a, ...b })) },
    )
  const exception = fc.record(
    {
      rule: near(['tag-immutability'], ['registry-scanning', 'x']),
      finding: near(['CVE-2026-1234', 'GHSA-1'], ['cve-2026-1', 'x', 7]),
      package: near(['openssl'], [' a', '']),
      repositories: patterns,
      tags: some(near(['1.*'], ['a b', 1])),
      digest: near([`sha256:${'a'.repeat(64)}`], ['sha256:a']),
      reason: near(['a', 'two\nlines'], ['\n', 'x'.repeat(501), '\u200b']),
      owner: near(['a'], ['x'.repeat(101), '']),
      expires: near(['2027-01-31'], ['2027-1-1', 'never', '2027-02-30']),
    },
    { requiredKeys: ['repositories', 'reason', 'owner', 'expires'] },
  )
  const sections = {
    alerts: mostly(fc.array(mostly(entry), { maxLength: 3 })),
    channels: mostly(fc.dictionary(name, channel, { maxKeys: 2 })),
    policy: some(withExtra(fc.record({ repositories: patterns, rules: withExtra(rules) }))),
    registry: withExtra(fc.record({ to: receivers, rules: withExtra(registryRules) })),
    exceptions: some(withExtra(exception)),
    'clean-up': withExtra(
      fc.record(
        {
          mode: near(['dry-run', 'apply'], ['delete', true]),
          schedule: near(
            ['cron(0 3 * * ? *)', 'rate(2 days)', 'cron(0 3 ? * MON-FRI *)'],
            ['0 3 * * *', 'rate(0 days)', 'rate(12 hours)'],
          ),
          to: receivers,
          'at-most': withExtra(
            fc.record(
              {
                images: near([1, 500], [0, 1.5, '5']),
                share: near(['20%', '0.5%', '100%'], ['101%', 20, '-1%', '20']),
              },
              { requiredKeys: [] },
            ),
          ),
          policies: some(withExtra(fc.record({ repositories: patterns, policy: near(['a.json'], ['', '{}', 7, {}]) }))),
          'in-use': withExtra(
            fc.record(
              {
                'task-definitions': near([0, 5], [-1, 101]),
                regions: some(near(['us-east-1', 'us-gov-west-1'], ['mars', 1])),
                accounts: some(near(['222222222222'], ['2', 222222222222])),
                'ignore-sources': some(near(['app-runner'], ['apprunner'])),
                'ignore-accounts': some(near(['333333333333', '*'], ['x'])),
                pins: some(
                  withExtra(
                    fc.record(
                      {
                        repositories: patterns,
                        tags: some(near(['v1.*'], ['a b'])),
                        digests: some(near([`sha256:${'a'.repeat(64)}`], ['sha256:a'])),
                        reason: near(['a'], ['', 'two\nlines', 'x'.repeat(501)]),
                      },
                      { requiredKeys: ['repositories', 'reason'] },
                    ),
                  ),
                ),
              },
              { requiredKeys: [] },
            ),
          ),
        },
        { requiredKeys: ['to'] },
      ),
    ),
    sweep: withExtra(
      fc.record(
        {
          schedule: near(['cron(0 21 * * ? *)', 'rate(1 day)'], ['0 21 * * *', 'rate(2 hours)']),
          regions: some(near(['us-east-1', 'us-gov-west-1'], ['mars', 1])),
          accounts: some(near(['222222222222', '333333333333'], ['2', 222222222222])),
          to: receivers,
          'owner-tag': near(['Owner', 'Kosten 1', 'Ünit'], ['aws:a', 'a?', '', 7]),
          sla: withExtra(
            fc.record(
              {
                CRITICAL: near(['1 day', '7 days', '3650 days'], ['0 days', '3651 days', '7', 7, '1 days']),
                LOW: near(['999 days', '3599 days', '3649 days'], ['9999 days', 'never']),
              },
              { requiredKeys: [] },
            ),
          ),
          rate: near([1, 50, 1_000], [0, 1_001, 1.5, '50']),
          packages: near(['attached'], ['all', true]),
          'security-hub': near([true, false], ['yes', 1]),
        },
        { requiredKeys: ['to'] },
      ),
    ),
    members: withExtra(
      fc.record(
        {
          'external-id': near(['ab', 'a:/@=,._+-9'], ['a', 'a b', '', 7]),
          enforce: some(near(['222222222222', '333333333333'], ['2', 222222222222])),
        },
        { requiredKeys: [] },
      ),
    ),
    signers: withExtra(
      fc.dictionary(
        fc.constantFrom('ci', 'ci', 'release-1', 'Ci', 'a b'),
        fc.record(
          {
            key: near(['a.pub', '../keys/a.pub'], ['', '{}', '-----BEGIN PUBLIC KEY-----', 'https://a.example/b', 7]),
            kms: near([`${KMS}key/mrk-1234abcd`, `${KMS}key/1`], [`${KMS}alias/a`, 'alias/a', 'a', 7]),
            identity: near(['a@b.example'], ['', 'a b', 7]),
            'identity-pattern': near(['.+'], ['(?=a)', '(', 7]),
            issuer: near(['https://a.example'], ['http://a.example', 'a', 7]),
            'signing-profile': near([`${SIGNER}ci_1`], [`${SIGNER}a/b`, 'a', 7]),
          },
          { requiredKeys: [] },
        ),
        { minKeys: 0, maxKeys: 2 },
      ),
    ),
    'trusted-root': near(['a.json'], ['', '{}', 7, {}]),
    operations: mostly(
      fc.record({ email: mostly(fc.array(mostly(fc.constantFrom('a@b.example', 'a@b')), { maxLength: 2 })) }),
    ),
  }
  const alone = Object.entries(sections).map(([section, arbitrary]) =>
    arbitrary.map((value) => ({ alerts: [{ repositories: ['**'], to: ['sns'] }], [section]: value })),
  )
  const file = fc.oneof(mostly(fc.record(sections, { requiredKeys: ['alerts'] })), ...alone)
  const crossing =
    /^found (?:channel |neither |beside |without |again |none of |issuer |[a-z-]+ (?:beside|without) )|^"[^"]+": (?:holds|is) no |never (?:applies|decides)| again, which |of RE2|^expected also |which sweep\.accounts does not name|that can be seen|2027-02-30/

  fc.assert(
    fc.property(file, (data) => {
      const result = parseConfig(JSON.stringify(data), 'steward.yaml', NOW, () => ({ text: POLICY }))
      const own = 'faults' in result ? result.faults.filter(({ message }) => !crossing.test(message)) : []
      expect({ data, valid: own.length === 0 }).toEqual({ data, valid: isConfig(data) })
    }),
    { numRuns: 3_000 },
  )
})
