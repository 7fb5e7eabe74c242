import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'smol-toml'
import { describe, expect, it } from 'vitest'
import { RULES } from '../../functions/domain/rulebook.ts'
import { list, type Synthesised, shippedConfig, statementsOf, synthesise } from './synth.ts'

const ROOT = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

const stack = synthesise(shippedConfig())

describe('the runbook', () => {
  const text = read('docs/runbook.md')
  const sections = text.split(/^## /m).slice(1)
  const headings = sections.map((section) => section.split('\n')[0])

  it('has a section for each alarm of the template, and none else', () => {
    const names = stack.ofType('AWS::CloudWatch::Alarm').map(([, { Properties }]) => String(Properties.AlarmName))
    expect(headings.toSorted()).toEqual(names.toSorted())
  })

  it.each(sections.map((section) => [section.split('\n')[0], section] as const))(
    'says of %s what it is, what it does, how to look and what to do',
    (_, section) => {
      expect([...section.matchAll(/^\*\*(\w+)\.\*\*/gm)].map(([, word]) => word)).toEqual([
        'Description',
        'Impact',
        'Investigation',
        'Resolution',
      ])
      expect(section).toMatch(/```sh\n[^`]+\n```/)
    },
  )

  it('asks for outputs that the stack has', () => {
    const asked = [...text.matchAll(/\b(?:out|arn|peek) ([A-Z]\w+)/g)].map(([, output]) => output)
    expect(asked.length).toBeGreaterThan(10)
    expect(asked.filter((output) => !(String(output) in stack.outputs))).toEqual([])
  })

  it('looks for logs under names that log groups have', () => {
    const groups = stack.ofType('AWS::Logs::LogGroup').map(([id]) => id)
    const asked = [...text.matchAll(/^logs ([A-Z]\w+)/gm)].map(([, prefix]) => String(prefix))
    expect(asked.filter((prefix) => groups.filter((id) => id.startsWith(prefix)).length !== 1)).toEqual([])
  })

  it('has commands that a shell can read', () => {
    const scripts = [...text.matchAll(/```sh\n([^`]+)\n```/g)].map(([, script]) => script).join('\n')
    expect(() => execFileSync('sh', ['-n'], { input: scripts.replaceAll('<<<', '<'), stdio: 'pipe' })).not.toThrow()
  })
})

/** What every rule that can put something right may do, were all of them in `enforce`. */
const enforcing = synthesise({
  ...shippedConfig(),
  policy: [
    {
      repositories: ['prod/**'],
      rules: RULES.filter(({ enforceable }) => enforceable).map(({ id }) => ({
        rule: id,
        mode: 'enforce',
        parameters: {},
        line: 1,
      })),
    },
  ],
})

const { cleanUp } = shippedConfig()
if (!cleanUp) throw new Error('the shipped configuration cleans nothing up')
const applying = synthesise({ ...shippedConfig(), cleanUp: { ...cleanUp, mode: 'apply' } })

const quarantining = synthesise({
  ...shippedConfig(),
  policy: [
    ...shippedConfig().policy,
    {
      repositories: ['prod/**'],
      rules: [{ rule: 'non-root-user', mode: 'report', parameters: {}, quarantine: true, line: 1 }],
    },
  ],
})

const { sweep } = shippedConfig()
if (!sweep) throw new Error('the shipped configuration sweeps nothing')
const verifying = synthesise({
  ...{ ...shippedConfig(), sweep: { ...sweep, packages: 'attached-else-inspector' as const } },
  signers: [
    { name: 'ci', by: 'kms', key: 'arn:aws:kms:eu-central-1:111122223333:key/1' },
    { name: 'ecr', by: 'signing-profile', profile: 'arn:aws:signer:eu-central-1:111122223333:/signing-profiles/ci' },
  ],
  policy: [
    ...shippedConfig().policy,
    {
      repositories: ['prod/**'],
      rules: [{ rule: 'signature', mode: 'report', parameters: { signedBy: ['ci'] }, line: 1 }],
    },
  ],
})

/** `scan-alert` of `Steward/ScanAlert/Worker/…`; what starts clean-up and the sweep, and the machine, are roles of their own. */
const roleOf = (path: unknown): string =>
  String(path)
    .replace('/Starter', 'Start')
    .replace(/Sweep\/(?:MachineRole|BatchesPolicy)/, 'SweepMachine')
    .split('/')[1]
    ?.replace(/(?<=[a-z])[A-Z]/g, '-$&')
    .toLowerCase() ?? ''

const grantedIn = ({ ofType }: Synthesised): string[] =>
  ofType('AWS::IAM::Policy').flatMap(([, policy]) =>
    statementsOf(policy).flatMap(({ Action }) =>
      list(Action).map((action) => `${roleOf(policy.Metadata['aws:cdk:path'])} ${action}`),
    ),
  )

describe('docs/iam.md', () => {
  const rows = [...read('docs/iam.md').matchAll(/^\| ([a-z-]+) +\| `([\w:]+)` +\| .+ \|$/gm)].map(
    ([, name, action]) => `${name} ${action}`,
  )
  const rules = new Set(RULES.map(({ id }) => id))
  const [whenEnforced = [], others = []] = [true, false].map((isRule) =>
    rows.filter((row) => rules.has(row.split(' ')[0] ?? '') === isRule),
  )
  const {
    apply: whenApplied = [],
    quarantine: whenQuarantined = [],
    evidence: whenVerified = [],
    exports: whenExported = [],
    always = [],
  } = Object.groupBy(others, (row) => /^(?:apply|quarantine|evidence|exports)(?= )/.exec(row)?.[0] ?? 'always')

  it('has a row for each action of each role, and none else', () => {
    expect(always.toSorted()).toEqual(grantedIn(stack).toSorted())
  })

  it('has a row for what each rule in enforce writes, and none else', () => {
    expect(whenEnforced.toSorted()).toEqual(
      RULES.flatMap(({ id, writes }) => writes.map((operation) => `${id} ecr:${operation}`)).toSorted(),
    )
  })

  it('has a row for what mode apply adds, and none else', () => {
    const added = whenApplied.map((row) => row.replace('apply', 'clean-up'))
    expect([...always, ...added].toSorted()).toEqual(grantedIn(applying).toSorted())
  })

  it('has a row for what quarantine adds, and none else', () => {
    const added = whenQuarantined.map((row) => row.replace('quarantine', 'push-check'))
    expect([...always, ...added].toSorted()).toEqual(grantedIn(quarantining).toSorted())
  })

  it('has a row for what a rule on signatures adds, on the keys that it names alone, what exports add, and none else', () => {
    const added = ['push-check', 'sweep'].flatMap((role) => whenVerified.map((row) => row.replace('evidence', role)))
    const ofExports = whenExported.map((row) => row.replace('exports', 'sweep'))
    expect([...always, ...added, ...ofExports].toSorted()).toEqual(grantedIn(verifying).toSorted())
    const keys = verifying
      .ofType('AWS::IAM::Policy')
      .flatMap(([, policy]) => statementsOf(policy))
      .filter(({ Action }) => list(Action).includes('kms:GetPublicKey'))
    expect(keys.map(({ Resource }) => Resource)).toEqual(keys.map(() => 'arn:aws:kms:eu-central-1:111122223333:key/1'))
  })

  it('says all that is granted when every rule is in enforce', () => {
    const written = whenEnforced.map((row) => row.split(' ')[1])
    const expected = [...always, ...written.flatMap((action) => [`push-check ${action}`, `watch ${action}`])]
    expect(grantedIn(enforcing).toSorted()).toEqual([...new Set(expected)].toSorted())
  })
})

describe('SAM', () => {
  const text = read('docs/local-sam.md')
  const config = parse(read('samconfig.toml')) as unknown as {
    default: Record<string, { parameters: { template_file: string } }>
  }

  it.each(Object.entries(config.default))(
    'finds the template for %s where npm run synth writes it',
    (_, { parameters }) => {
      const [folder, file] = parameters.template_file.split('/')
      expect(folder).toBe('cdk.out')
      expect(existsSync(join(stack.outdir, String(file)))).toBe(true)
    },
  )

  it('is told logical ids of functions whose code is there', () => {
    const ids = [...text.matchAll(/sam local invoke (\w+) /g)].map(([, id]) => String(id))
    expect(ids.toSorted()).toEqual(
      stack
        .ofType('AWS::Lambda::Function')
        .map(([id]) => id)
        .toSorted(),
    )
    for (const id of ids) {
      expect(existsSync(join(stack.outdir, String(stack.resources[id]?.Metadata['aws:asset:path']), 'index.js'))).toBe(
        true,
      )
    }
  })

  it('is given events and outputs that exist', () => {
    for (const [, file] of text.matchAll(/(events\/[\w.-]+\.json)/g))
      expect(existsSync(join(ROOT, String(file)))).toBe(true)
    for (const output of ['StateTableName', 'AlertsTopicArn', 'NotifyQueueUrl'])
      expect(stack.outputs).toHaveProperty(output)
  })
})
