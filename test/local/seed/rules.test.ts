import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../../config/load.ts'
import { evidenceOf } from '../../../functions/adapters/evidence/evidence.ts'
import { imageReader } from '../../../functions/adapters/image-reader.ts'
import { ecrRegistry } from '../../../functions/adapters/registry-reader.ts'
import { ecrRepositories } from '../../../functions/adapters/repository-reader.ts'
import { signedAws } from '../../../functions/adapters/signed-aws.ts'
import type { Context } from '../../../functions/domain/rule/rule.ts'
import { RULES, ruleOf } from '../../../functions/domain/rulebook.ts'
import { judge } from '../../../functions/policy/judge.ts'
import type { ImageReader, Reader, RegistryReader, RepositoryReader } from '../../../functions/policy/reader.ts'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { createClock } from '../../../local/clock.ts'
import { SEED_CONFIG } from '../../../local/config.ts'
import type { SeedImage } from '../../../local/seed/build.ts'
import { seedImage } from '../../../local/seed/images.ts'
import { seed } from '../../../local/seed/seed.ts'
import { envOf } from '../../adapters/env.ts'

const STORY = Date.parse('2026-11-20T00:00:00Z')
/** Every image is scanned by then that is scanned at all. */
const AFTERWARDS = Date.parse('2026-11-25T00:00:00Z')

async function seededAt(at: number): Promise<LocalAws> {
  const seeded = await startLocalAws({ clock: createClock(at) })
  await seed(seeded, at)
  return seeded
}

const { signers, trustedRoot } = loadConfig(join(import.meta.dirname, '../../..', SEED_CONFIG), () => {})

let aws: LocalAws
let later: LocalAws
beforeAll(async () => {
  ;[aws, later] = await Promise.all([seededAt(STORY), seededAt(AFTERWARDS)])
})
afterAll(() => Promise.all([aws.close(), later.close()]))

type Given = Readonly<Record<string, unknown>>

/** What a rule says with its own defaults, but for what is given. */
async function outcomeOf<V, R extends Context['ref']>(reader: Reader<V, R>, ref: R, id: string, given: Given = {}) {
  const rule = ruleOf(id)
  if (!rule) throw new Error(`No rule ${id}`)
  const defaults = Object.entries(rule.parameters).map(([name, { default: value }]) => [name, value])
  const parameters = { ...Object.fromEntries(defaults), ...given }
  const active = { rule, mode: 'report' as const, severity: rule.severity, parameters, line: 1 }
  const judging = {
    reader,
    rules: [active],
    exceptions: [],
    now: new Date('repository' in ref && 'digest' in ref ? AFTERWARDS : STORY),
    isPatient: false,
  }
  return (await judge(ref, judging)).verdicts[0]?.outcome
}

type Example = { readonly rule: string; readonly fails: string; readonly passes?: string; readonly given?: Given }

/** What the policies grant on purpose. */
const GRANTED = {
  accounts: ['987654321098'],
  pushAccounts: ['111222333444'],
  replicationAccounts: ['111222333444'],
  organisations: ['o-a1b2c3d4e5'],
}

/** Of each rule, a repository that fails and one that passes, with the parameters that differ from the rule's own. */
const REPOSITORIES: readonly Example[] = [
  { rule: 'tag-immutability', fails: 'prod/gateway', passes: 'prod/api' },
  { rule: 'tag-immutability', fails: 'prod/gateway', passes: 'team-b/firmware', given: { exclusions: ['latest'] } },
  { rule: 'scan-on-push', fails: 'ml/trainer', passes: 'prod/storefront' },
  { rule: 'scan-on-push', fails: 'sandbox/demo', passes: 'team-a/worker' },
  // The registry has basic scanning until the story changes it.
  { rule: 'enhanced-scanning', fails: 'prod/payments' },
  { rule: 'encryption', fails: 'team-a/worker', passes: 'prod/payments' },
  { rule: 'lifecycle-policy', fails: 'sandbox/demo', passes: 'prod/api' },
  { rule: 'lifecycle-policy', fails: 'team-a/worker', passes: 'prod/api', given: { mustExpire: ['tagged'] } },
  { rule: 'repository-policy', fails: 'sandbox/demo', passes: 'prod/api', given: GRANTED },
  { rule: 'repository-policy', fails: 'base/node', passes: 'prod/payments' },
  { rule: 'deletion-safety', fails: 'team-a/worker', passes: 'prod/api' },
  { rule: 'repository-naming', fails: 'my-app', passes: 'prod/api' },
  { rule: 'required-tags', fails: 'sandbox/demo', passes: 'team-a/worker', given: { keys: ['owner'] } },
]

const PLATFORMS = { required: ['linux/amd64', 'linux/arm64'] }
const BASES = { repositories: ['base/node'] }

const IMAGES: readonly Example[] = [
  { rule: 'tag-naming', fails: 'ml/trainer:cuda12', passes: 'prod/api:1.4.2' },
  { rule: 'not-latest-only', fails: 'my-app:latest', passes: 'prod/api:1.4.2' },
  { rule: 'max-image-size', fails: 'ml/trainer:cuda12', passes: 'prod/api:1.4.2' },
  { rule: 'max-image-age', fails: 'my-app:latest', passes: 'prod/api:1.4.2' },
  { rule: 'max-image-age', fails: 'base/node:20', passes: 'base/node:22' },
  { rule: 'platforms', fails: 'prod/api:1.4.2', passes: 'prod/edge:3.1.0', given: PLATFORMS },
  { rule: 'scanned', fails: 'my-app:latest', passes: 'prod/api:1.4.2' },
  { rule: 'scanned', fails: 'team-a/worker:experimental', passes: 'prod/payments:7.3.0' },
  { rule: 'vulnerabilities', fails: 'prod/api:1.4.2', passes: 'team-b/batch:2026.11.20' },
  { rule: 'non-root-user', fails: 'my-app:latest', passes: 'prod/edge:3.1.0' },
  { rule: 'no-secrets-in-image', fails: 'my-app:latest', passes: 'prod/api:1.4.2' },
  { rule: 'no-secrets-in-image', fails: 'team-a/worker:experimental', passes: 'team-b/batch:2026.11.20' },
  { rule: 'no-secrets-in-image', fails: 'sandbox/demo', passes: 'prod/edge:3.1.0' },
  { rule: 'base-image', fails: 'my-app:latest', passes: 'prod/api:1.4.2', given: BASES },
  { rule: 'base-image', fails: 'my-app:latest', passes: 'prod/web:5.13.0-rc.1', given: BASES },
  {
    rule: 'base-image',
    fails: 'prod/web:5.13.0-rc.1',
    given: { ...BASES, discouraged: ['base/node:20.14*'] },
  },
  { rule: 'required-labels', fails: 'my-app:latest', passes: 'prod/api:1.4.2' },
  { rule: 'healthcheck', fails: 'ml/trainer:cuda12', passes: 'prod/edge:3.1.0' },
  {
    rule: 'signature',
    fails: 'team-ledger/api:1.2.0',
    passes: 'team-ledger/api:1.1.0',
    given: { signedBy: ['release'] },
  },
  {
    rule: 'provenance',
    fails: 'team-ledger/web:3.1.0',
    passes: 'team-ledger/web:3.0.0',
    given: { signedBy: ['workflow'], sources: ['https://github.com/acme/*'] },
  },
  {
    rule: 'sbom',
    fails: 'team-ledger/vault:2.0.0',
    passes: 'team-ledger/api:1.1.0',
    given: { forbidden: ['maven/log4j-core <2.17.1'] },
  },
  { rule: 'sbom', fails: 'team-ledger/api:1.2.0', passes: 'team-ledger/api:1.0.0' },
]

/** There is one registry: of each rule, parameters that it fails and, where there are some, parameters that it passes. */
const REGISTRY: readonly { readonly rule: string; readonly fails: Given; readonly passes?: Given }[] = [
  { rule: 'registry-policy', fails: {}, passes: GRANTED },
  { rule: 'registry-scanning', fails: {} },
  {
    rule: 'replication',
    fails: { destinations: ['ap-southeast-1'] },
    passes: { destinations: ['us-east-1'], prefixes: ['prod/'] },
  },
  { rule: 'pull-through-cache', fails: {} },
]

const pick = ({ repository, digest, tags }: SeedImage) => ({ repository, digest, tags })

describe('of each rule, the seeded registry has an example', () => {
  it.each(REPOSITORIES)('$rule: $fails fails, $passes passes', async ({ rule, fails, passes, given }) => {
    const reader: RepositoryReader = ecrRepositories(signedAws(envOf(aws)), aws.region)
    const of = (repository: string) => ({ account: aws.account, region: aws.region, repository })
    expect(await outcomeOf(reader, of(fails), rule, given)).toBe('fail')
    if (passes) expect(await outcomeOf(reader, of(passes), rule, given)).toBe('pass')
  })

  it.each(IMAGES)('$rule: $fails fails, $passes passes', async ({ rule, fails, passes, given }) => {
    const { account, region, url: endpoint } = later
    const source = { region, endpoint, bases: ['base/node'], evidence: evidenceOf(signers, trustedRoot) }
    const reader: ImageReader = imageReader(signedAws(envOf(later)), source)
    const of = (name: string) => ({ account, region, ...pick(seedImage(name)) })
    expect(await outcomeOf(reader, of(fails), rule, given)).toBe('fail')
    if (passes) expect(await outcomeOf(reader, of(passes), rule, given)).toBe('pass')
  })

  it.each(REGISTRY)('$rule: $fails fails, $passes passes', async ({ rule, fails, passes }) => {
    const reader: RegistryReader = ecrRegistry(signedAws(envOf(aws)), aws.region)
    const registry = { account: aws.account, region: aws.region }
    expect(await outcomeOf(reader, registry, rule, fails)).toBe('fail')
    if (passes) expect(await outcomeOf(reader, registry, rule, passes)).toBe('pass')
  })

  it('and none is left out', () => {
    const shown = new Set([...REPOSITORIES, ...IMAGES, ...REGISTRY].map(({ rule }) => rule))
    expect(RULES.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([])
  })
})
