import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../../../config/load.ts'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { seed } from '../../../local/seed/seed.ts'
import { envOf } from '../../adapters/env.ts'
import { type Ended, steward } from '../cli.ts'

const NOW = new Date('2026-11-24T12:00:00Z')

let aws: LocalAws
/** One for all: `steward.yaml` in it is of the account as it is. */
const folder = mkdtempSync(join(tmpdir(), 'steward-init-'))
let first: Ended

beforeAll(async () => {
  aws = await startLocalAws()
  await seed(aws, NOW.getTime())
  first = await run(['init'], 100)
})
afterEach(() => {
  aws.faults.clear()
  aws.authorize = undefined
})
afterAll(async () => {
  await aws.close()
  rmSync(folder, { recursive: true })
})

const run = (argv: readonly string[], columns?: number) =>
  steward(argv, { cwd: folder, env: envOf(aws), now: () => NOW, ...(columns !== undefined && { columns }) })
const written = (name = 'steward.yaml'): string => readFileSync(join(folder, name), 'utf8')
const deny = (...actions: readonly string[]): void => {
  aws.authorize = ({ action }) =>
    actions.includes(action) ? { allowed: false, reason: 'no identity-based policy allows it' } : { allowed: true }
}

/** Verdicts of `check` by the file that was written, of everything. */
async function checked(config: string) {
  const { out } = await run(['check', '--images', '--json', '--config', config])
  const { subjects } = JSON.parse(out) as {
    subjects: { verdicts: { rule: string; mode: string; outcome: string; line: number }[] }[]
  }
  return subjects.flatMap(({ verdicts }) => verdicts)
}

describe('the file', () => {
  test('is valid without a doubt, says what holds, and is the same for the same account', async () => {
    expect([first.code, first.err]).toEqual([0, ''])
    const warnings: string[] = []
    loadConfig(join(folder, 'steward.yaml'), (line) => warnings.push(line), NOW)
    expect(warnings).toEqual([])
    const text = written()
    expect(text.slice(text.indexOf('\npolicy:'), text.indexOf('\n# What can go'))).toMatchInlineSnapshot(`
      "
      policy:
        # What holds here already, and not everywhere: 7 repositories.
        - repositories: [ prod/** ]
          rules:
            scan-on-push: report # ready for enforce: all 7 pass

        # What holds here already, and not everywhere: 4 repositories.
        - repositories: [ team-ledger/** ]
          rules:
            scan-on-push: report # ready for enforce: all 4 pass
            lifecycle-policy: report # ready for enforce: all 4 pass
            repository-policy: report # ready for enforce: all 4 pass

        # What holds here already, and not everywhere: 2 repositories.
        - repositories: [ ci/** ]
          rules:
            repository-policy: report # ready for enforce: all 2 pass

        # What holds here already, and not everywhere: 2 repositories.
        - repositories: [ docker-hub/** ]
          rules:
            scan-on-push: report # ready for enforce: all 2 pass
            repository-policy: report # ready for enforce: all 2 pass

        # All others, and whatever no entry above names.
        - repositories: [ "**" ]
          rules:
            # May move, as is set today in team-b/firmware: latest.
            tag-immutability: { mode: report, exclusions: [ latest ] } # 11 of 23 fail: ci/builder, ci/shop, docker-hub/library/alpine and 8 more
            scan-on-push: report # 5 of 10 fail: ci/builder, ci/shop, ml/trainer and 2 more
            enhanced-scanning: report # 5 of 23 fail: ci/builder, ci/shop, ml/trainer and 2 more
            encryption: report # 9 of 23 fail: ci/builder, ci/shop, docker-hub/library/alpine and 6 more
            lifecycle-policy: report # 9 of 19 fail: ci/builder, ci/shop, docker-hub/library/alpine and 6 more
            # Whom the policies let in, as far as they can be named. If all of them are yours, write this instead; 3 of these 5 fail then:
            # repository-policy: { mode: report, accounts: ["987654321098"], push-accounts: ["111222333444"], organisations: [o-a1b2c3d4e5] }
            repository-policy: report # 5 of 15 fail: base/node, prod/api, sandbox/demo and 2 more
            deletion-safety: report # 1 of 23 fails: team-a/worker
            repository-naming: report # 1 of 23 fails: my-app
            required-tags: { mode: report, keys: [ owner ] } # 4 of 23 fail: docker-hub/library/nginx, my-app, prod/intake and 1 more
            tag-naming: report # 8 of 20 fail: base/node:22.11-bookworm-slim, ci/builder:2026.11, ci/shop:nightly-2026-11-18 and 5 more
            not-latest-only: report # 1 of 20 fails: my-app:latest
            max-image-size: report # 1 of 20 fails: ml/trainer:cuda12
            max-image-age: report # 1 of 20 fails: my-app:latest
            platforms: report # all 20 pass
            scanned: report # 9 of 20 fail: ci/builder:2026.11, ci/shop:nightly-2026-11-18, ml/trainer:cuda12 and 6 more
            vulnerabilities: report # 5 of 20 fail: prod/api:1.4.2, prod/edge:3.1.0, prod/payments:7.3.0 and 2 more; 8 could not be judged: Its findings are not known, since no scan of it is complete: never.
            non-root-user: report # 7 of 20 fail: base/node:22.11-bookworm-slim, docker-hub/library/alpine:3.20, ml/trainer:cuda12 and 4 more
            no-secrets-in-image: report # 3 of 20 fail: my-app:latest, sandbox/demo:demo, team-a/worker:experimental
            required-labels: report # 6 of 20 fail: docker-hub/library/alpine:3.20, ml/trainer:cuda12, my-app:latest and 3 more
            healthcheck: report # 7 of 20 fail: base/node:22.11-bookworm-slim, docker-hub/library/alpine:3.20, ml/trainer:cuda12 and 4 more
            # Left out:
            # - base-image: 17 of 20 could not be judged: Neither labels nor layers say what it is built upon.; 1 of 20 fails: my-app:latest
            # - signature: it has to be given signed-by, and the account shows none.
            # - provenance: it has to be given signed-by, and the account shows none.
            # - sbom: SBOMs are not read here: what may be in an image is yours to say.

      # What is asked of the registry itself, and who is told.
      registry:
        to: [ slack:security, sns ]
        rules:
          registry-policy: report # fails: Everyone with an AWS account may pull.
          registry-scanning: report # fails: No rule has every repository scanned: SCAN_ON_PUSH.
          # Replicated too: base/ to ap-northeast-1/987654321098.
          replication: { mode: report, destinations: [ us-east-1, eu-west-1 ], prefixes: [ prod/ ] } # passes
          pull-through-cache: report # fails: partner has no role for 987654321098.dkr.ecr.ap-northeast-1.amazonaws.com.
      "
    `)
    const again = await run(['init', '--output', '-'])
    expect(again.out).toBe(text)
    expect((await run(['config', 'validate'])).code).toBe(0)
  })

  test('trusts nobody, and proposes in comments whom policies let in and what CI fills', async () => {
    const { policy, registry, cleanUp, sweep } = loadConfig(join(folder, 'steward.yaml'), () => {}, NOW)
    const ofPolicies = [...policy.flatMap(({ rules }) => rules), ...registry.rules].filter(({ rule }) =>
      ['repository-policy', 'registry-policy'].includes(rule),
    )
    expect(ofPolicies.flatMap(({ parameters }) => Object.values(parameters).flat())).toEqual([])
    expect([cleanUp?.mode, cleanUp?.entries, sweep?.regions, sweep?.ownerTag]).toEqual(['dry-run', [], [], 'owner'])
    expect(written()).toMatch(
      /# repository-policy: \{ mode: report, accounts: \["987654321098"\], push-accounts: \["111222333444"\], organisations: \[o-a1b2c3d4e5\] \}\n/,
    )
    expect(written()).toContain('  #   - repositories: ["ci/**"]\n')
    expect(written()).toContain('  # regions: [eu-west-1, us-east-1]\n')
  })

  test('with its proposals taken in is as valid, and what they are for passes', async () => {
    const taken = written()
      .replace(/ {6}# (repository-policy: \{.*\})\n {6}repository-policy: report.*\n/, '      $1\n')
      .replaceAll(/^ {2}# (policies:|regions: .*| {2}- repositories: .*| {4}policy: .*)$/gm, '  $1')
      .replace('policy: lifecycle/ci.json', 'policy: ci.json')
    writeFileSync(join(folder, 'taken.yaml'), taken)
    writeFileSync(join(folder, 'ci.json'), readFileSync(join(import.meta.dirname, '../../../lifecycle/ci.json')))
    const { cleanUp, sweep } = loadConfig(join(folder, 'taken.yaml'), (line) => expect.fail(line), NOW)
    expect([cleanUp?.entries.length, sweep?.regions]).toEqual([1, ['eu-west-1', 'us-east-1']])
    const failing = async (config: string) =>
      (await checked(config)).filter(({ rule, outcome }) => rule === 'repository-policy' && outcome === 'fail').length
    const said = /; (\d+) of these (\d+) fails? then:/.exec(written())?.slice(1).map(Number)
    expect([await failing('taken.yaml'), await failing('steward.yaml')]).toEqual(said)
  })

  test('of what it calls ready nothing fails, and with --enforce that is what is enforced', async () => {
    await run(['init', '--enforce', '--output', 'enforced.yaml'])
    const linesWith = (text: string, word: RegExp): readonly number[] =>
      text.split('\n').flatMap((line, index) => (word.test(line) ? [index + 1] : []))
    const ready = linesWith(written(), /# ready for enforce/)
    const enforced = linesWith(written('enforced.yaml'), /: enforce #|mode: enforce/)
    expect([ready.length > 3, enforced]).toEqual([true, ready])
    const verdicts = (await checked('enforced.yaml')).filter(({ mode }) => mode === 'enforce')
    expect(verdicts.length).toBeGreaterThan(ready.length)
    expect(new Set(verdicts.map(({ outcome }) => outcome))).toEqual(new Set(['pass']))
    expect(new Set(verdicts.map(({ line }) => line))).toEqual(new Set(ready))
  })
})

describe('where it goes', () => {
  test('a file that is there is left alone, and nothing is asked, unless it is forced', async () => {
    writeFileSync(join(folder, 'mine.yaml'), 'mine')
    const calls = aws.calls.length
    const { code, out, err } = await run(['init', '--output', 'mine.yaml'])
    expect([code, out, written('mine.yaml'), aws.calls.length]).toEqual([2, '', 'mine', calls])
    expect(err).toContain('error: "mine.yaml" is there already')
    const forced = await run(['init', '--output', 'mine.yaml', '--force', '--limit', '0'])
    expect([forced.code, written('mine.yaml')]).toEqual([0, expect.stringContaining('yaml-language-server')])
    expect(forced.out).toContain('ecr-steward config validate --config mine.yaml')
  })

  test('to stdout alone, with the report on stderr', async () => {
    const { code, out, err } = await run(['init', '--output', '-', '--limit', '0'])
    expect(code).toBe(0)
    expect(out).toMatch(/^# yaml-language-server: .*\n/)
    expect(out).toContain('# - healthcheck: no image was looked at.')
    expect(err).toMatch(/^A steward.yaml\nfrom registry 123456789012 in ap-northeast-1: 23 repositories/)
  })

  test('a folder that is not there is an error that names a way', async () => {
    const { code, err } = await run(['init', '--output', 'nowhere/steward.yaml', '--limit', '0'])
    expect([code, err]).toEqual([
      2,
      'error: "nowhere/steward.yaml" cannot be written (ENOENT).\n  Name a file with --output.\n',
    ])
  })
})

test('docs/init.md shows the report and lines of the file as they are', () => {
  const document = readFileSync(join(import.meta.dirname, '../../../docs/init.md'), 'utf8')
  const [, report] = /```console\n\$ ecr-steward init.*\n([\s\S]*?)```/.exec(document) ?? []
  expect(report).toBe(stripVTControlCharacters(first.out))
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(document) ?? []
  const lines = new Set(written().split('\n'))
  expect(example.split('\n').filter((line) => line.trim() !== '# …' && !lines.has(line))).toEqual([])
})

describe('what cannot be read', () => {
  test('of some is left out with the reason, named as a permission, and never a pass', async () => {
    deny('ecr:GetLifecyclePolicy', 'ecr:ListTagsForResource', 'ecr:DescribeRegistry')
    const { code, out, err } = await run(['init', '--output', 'denied.yaml'])
    expect(code).toBe(4)
    expect(err).toContain('not complete: ECR answered AccessDeniedException to GetLifecyclePolicy\n')
    expect(err).toContain('not allowed: ecr:')
    expect(err).toMatch(/"Action":\["ecr:GetLifecyclePolicy","ecr:ListTagsForResource"\]/)
    expect(written('denied.yaml')).toContain(
      '# - lifecycle-policy: 23 of 23 could not be judged: ECR answered AccessDeniedException',
    )
    expect(written('denied.yaml')).toContain('# - replication: it could not be judged: ECR')
    expect(out).toContain('left out, with the reason in the file: lifecycle-policy, required-tags\n')
    loadConfig(join(folder, 'denied.yaml'), (line) => expect.fail(line), NOW)
  })

  test('of images is told for each repository, and those rules are left out', async () => {
    deny('ecr:DescribeImages')
    const { code, out, err } = await run(['init', '--output', '-'])
    expect([code, err.match(/not judged: the images of /g)?.length]).toEqual([4, 23])
    expect(out).toContain('# - non-root-user: no image was looked at.')
  })

  test('at all is an error that names the permission, and nothing is written', async () => {
    deny('ecr:DescribeRepositories')
    const { code, out, err } = await run(['init', '--output', 'none.yaml'])
    expect([code, out, existsSync(join(folder, 'none.yaml'))]).toEqual([4, '', false])
    expect(err).toContain('{"Effect":"Allow","Action":["ecr:DescribeRepositories"]')
    expect(err).toContain('ecr-steward doctor --for init')
  })

  test('for now is asked again: a throttle changes nothing', async () => {
    aws.faults.inject({ service: 'ecr', times: 8, error: { code: 'ThrottlingException' } })
    const { code, out } = await run(['init', '--output', '-'])
    expect([code, out === written()]).toEqual([0, true])
  })
})
