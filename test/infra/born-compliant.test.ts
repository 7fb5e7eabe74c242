import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App, Stack } from 'aws-cdk-lib'
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RULES } from '../../functions/domain/rulebook.ts'
import { CompliantRepository, type CompliantRepositoryProps, RegistrySettings } from '../../infra/constructs.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { deployLocally } from '../../local/runtime/cloud.ts'
import { steward } from '../cli/cli.ts'

const STRANGER = '987654321098'
const GOOD = { repositoryName: 'team-a/good', owner: 'team-a' }

type Broken = {
  readonly props?: Partial<CompliantRepositoryProps>
  readonly afterwards?: (repository: CompliantRepository) => unknown
  readonly reason: string
}

/** For each rule on repositories, what breaks it and nothing else. */
const BROKEN: Readonly<Record<string, Broken>> = {
  'tag-immutability': { props: { tagMutability: 'MUTABLE' }, reason: 'Tags can be moved to another image.' },
  encryption: { props: { encryption: 'AES256' }, reason: 'Encryption is AES256, and not KMS or KMS_DSSE.' },
  'lifecycle-policy': { props: { lifecycle: 'none' }, reason: 'There is no lifecycle policy.' },
  'repository-policy': { afterwards: (it) => it.grantPullFromAccount(STRANGER), reason: STRANGER },
  'deletion-safety': {
    afterwards: (it) =>
      it.addToResourcePolicy(
        new PolicyStatement({ actions: ['ecr:BatchDeleteImage'], principals: [new AccountPrincipal(STRANGER)] }),
      ),
    reason: STRANGER,
  },
  'repository-naming': { props: { repositoryName: 'web' }, reason: 'The name has no namespace.' },
}

/** Rules on repositories that its own properties cannot break, and why. */
const UNBREAKABLE: Readonly<Record<string, string>> = {
  'required-tags': 'owner is required, and refused where it is empty',
  'scan-on-push': 'the rules of the registry decide, where it has some',
  'enhanced-scanning': 'it is of the registry',
}

/** Settings of another registry, which break the rules on registries. */
const BROKEN_REGISTRY: Readonly<Record<string, string>> = {
  'registry-scanning': 'No rule has every repository scanned: SCAN_ON_PUSH.',
  'registry-policy': STRANGER,
  replication: 'No rule replicates every repository to eu-central-1/',
  'pull-through-cache': 'quay caches quay.io, which is not allowed',
}

const idsOf = (kind: string): readonly string[] => RULES.filter(({ about }) => about === kind).map(({ id }) => id)
const asked = (rules: readonly string[], given: Readonly<Record<string, string>> = {}): string =>
  rules.map((id) => `      ${id}: { mode: report${given[id] ?? ''} }\n`).join('')

/** Every rule on what constructs make, with its default parameters; `replication` has none, and every upstream is allowed by default. */
const CONFIG = `alerts:
  - { repositories: ["**"], to: [sns] }
policy:
  - repositories: ["**"]
    rules:
${asked(idsOf('repository'))}registry:
  to: [sns]
  rules:
${asked(idsOf('registry'), {
  replication: ', destinations: [eu-central-1]',
  'pull-through-cache': ', upstreams: [public.ecr.aws]',
})}`

const outdir = mkdtempSync(join(tmpdir(), 'steward-born-'))
const config = join(outdir, 'steward.yaml')
const app = new App({ outdir, analyticsReporting: false })

const good = new Stack(app, 'Good')
new CompliantRepository(good, 'Repository', GOOD)
for (const [rule, { props, afterwards }] of Object.entries(BROKEN)) {
  const repository = new CompliantRepository(good, rule, { ...GOOD, repositoryName: `broken/${rule}`, ...props })
  afterwards?.(repository)
}
new RegistrySettings(good, 'Registry', {
  owner: 'platform-team',
  scanning: { type: 'ENHANCED' },
  replication: [{ destinations: [{ region: 'eu-central-1' }] }],
  pullThroughCaches: [{ upstream: 'ecr-public' }],
})

const broken = new Stack(app, 'Broken')
new CompliantRepository(broken, 'Repository', { ...GOOD, scanOnPush: false })
new RegistrySettings(broken, 'Registry', {
  owner: 'platform-team',
  scanning: { type: 'BASIC', scanOnPush: [] },
  access: [{ may: 'pull', account: STRANGER }],
  pullThroughCaches: [{ upstream: 'quay' }],
})
app.synth()

type Verdict = { readonly rule: string; readonly outcome: string; readonly reason: string }
type Subject = { readonly kind: string; readonly repository?: string; readonly verdicts: readonly Verdict[] }

/** What `ecr-steward check` says of a stack that was deployed to a local AWS of its own. */
async function judged(stack: string) {
  const aws: LocalAws = await startLocalAws()
  const cloud = await deployLocally({ assembly: outdir, stack, aws })
  const env = {
    ...{ AWS_ENDPOINT_URL: aws.url, AWS_REGION: aws.region },
    ...{ AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' },
  }
  const { out, err } = await steward(['check', '--config', config, '--json'], { cwd: outdir, env })
  await cloud.close()
  await aws.close()
  const { subjects } = JSON.parse(out || `{"error":${JSON.stringify(err)}}`) as { subjects: readonly Subject[] }
  return (kind: string, repository?: string): readonly Verdict[] =>
    subjects.find((one) => one.kind === kind && one.repository === repository)?.verdicts ?? []
}

const failsOf = (verdicts: readonly Verdict[]): readonly string[] =>
  verdicts.filter(({ outcome }) => outcome !== 'pass').map(({ rule }) => rule)

describe('what the constructs make, judged by check', () => {
  let of: { readonly good: Awaited<ReturnType<typeof judged>>; readonly broken: Awaited<ReturnType<typeof judged>> }
  beforeAll(async () => {
    writeFileSync(config, CONFIG)
    of = { good: await judged('Good'), broken: await judged('Broken') }
  })
  afterAll(() => rmSync(outdir, { recursive: true }))

  it('passes every rule on repositories by default', () => {
    const verdicts = of.good('repository', GOOD.repositoryName)
    expect(verdicts.map(({ rule }) => rule).toSorted()).toEqual(idsOf('repository').toSorted())
    expect(failsOf(verdicts)).toEqual([])
  })

  it('passes every rule on registries', () => {
    const verdicts = of.good('registry')
    expect(verdicts.map(({ rule }) => rule).toSorted()).toEqual(idsOf('registry').toSorted())
    expect(failsOf(verdicts)).toEqual([])
  })

  it('has a property, or a reason, for every rule that can be broken', () => {
    expect([...Object.keys(BROKEN), ...Object.keys(UNBREAKABLE)].toSorted()).toEqual(idsOf('repository').toSorted())
    expect(Object.keys(BROKEN_REGISTRY).toSorted()).toEqual(idsOf('registry').toSorted())
  })

  it.each(Object.entries(BROKEN))('fails %s where a property breaks it, with the reason', (rule, { props, reason }) => {
    const verdicts = of.good('repository', props?.repositoryName ?? `broken/${rule}`)
    const verdict = verdicts.find((one) => one.rule === rule)
    expect(verdict).toMatchObject({ outcome: 'fail', reason: expect.stringContaining(reason) })
    // Who may delete is somebody who may use the repository, too.
    expect(failsOf(verdicts)).toEqual(rule === 'deletion-safety' ? ['repository-policy', rule] : [rule])
  })

  it.each(Object.entries(BROKEN_REGISTRY))('fails %s where a setting breaks it, with the reason', (rule, reason) => {
    const verdict = of.broken('registry').find((one) => one.rule === rule)
    expect(verdict).toMatchObject({ outcome: 'fail', reason: expect.stringContaining(reason) })
  })

  it('fails what the scanning of the registry breaks', () => {
    expect(failsOf(of.broken('repository', GOOD.repositoryName))).toEqual(['scan-on-push', 'enhanced-scanning'])
  })

  it('is not made without an owner', () => {
    const stack = new Stack(new App(), 'Stack')
    expect(() => new CompliantRepository(stack, 'Web', { ...GOOD, owner: ' ' })).toThrow(
      'Stack/Web: owner: it is empty',
    )
  })
})
