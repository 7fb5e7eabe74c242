import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { type LocalAws, startLocalAws } from '../local/aws/server.ts'
import { type Comparison, comparisonLine } from './comparison.ts'
import { type Contender, paired, timed } from './paired.ts'
import { envOf, withSteward } from './registry.ts'
import { startUp } from './start-up.ts'

const SCRIPT = join(import.meta.dirname, 'guide-gate.sh')
const [REPOSITORY, TAG] = ['prod/api', '1.4.2']
/** Of the scan: none of them above what may be, so that both let it pass. */
const FINDINGS = 100

/** What a pipeline has: a steward.yaml with limits and an exception, which is read and heeded too. */
const CONFIG = `alerts: [{ repositories: ["**"], to: [sns] }]
policy:
  - repositories: ["**"]
    rules: { vulnerabilities: report }
exceptions:
  - { finding: CVE-2026-10001, repositories: ["prod/**"], reason: not reachable, owner: shop, expires: 2099-01-31 }
`

const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`

/** An image for one platform, whose scan is complete. */
function fill({ ecr }: LocalAws): void {
  ecr.createRepository({ repositoryName: REPOSITORY })
  const configuration = JSON.stringify({ os: 'linux', architecture: 'amd64', config: { User: 'app' } })
  ecr.putBlob(REPOSITORY, configuration)
  const [digest, size] = [digestOf(configuration), configuration.length]
  const imageManifest = JSON.stringify({
    ...{ schemaVersion: 2, mediaType: 'application/vnd.oci.image.manifest.v1+json' },
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size },
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: digestOf('layer'), size: 1_000 }],
  })
  ecr.putImage({ repositoryName: REPOSITORY, imageManifest, imageTag: TAG })
  const findings = Array.from({ length: FINDINGS }, (_, index) => ({
    ...{ name: `CVE-2026-${10_000 + index}`, severity: index % 2 === 0 ? ('LOW' as const) : ('MEDIUM' as const) },
    attributes: [{ key: 'package_name', value: `package-${index % 20}` }],
  }))
  ecr.putScan(REPOSITORY, digestOf(imageManifest), {
    ...{ status: { status: 'COMPLETE' }, findings, completedAt: new Date() },
  })
}

const has = (command: string): boolean => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0

/** Without the launcher of pyenv, which takes its time before the AWS CLI even starts. */
function rivalPath(): string {
  const path = process.env.PATH ?? ''
  const { status, stdout } = spawnSync('pyenv', ['which', 'aws'], { encoding: 'utf8' })
  return status === 0 ? `${dirname(stdout.trim())}:${path}` : path
}

/** The end of the run, since a pipeline waits for that. */
async function against(aws: LocalAws, gate: readonly string[], rounds: number): Promise<Comparison> {
  const name = `ecr-steward gate on a finished scan of ${FINDINGS} findings: process start → exit`
  const goal = '≤ 0.5 × the guide’s script with the AWS CLI'
  const missing = ['aws', 'jq'].filter((command) => !has(command))
  if (missing.length > 0)
    return { name, goal, result: `skipped: the guide’s script needs ${missing.join(' and ')} on PATH` }
  const env = { ...envOf(aws), AWS_DEFAULT_REGION: aws.region }
  const ours: Contender = { name: 'gate', command: () => gate, env }
  const rival: Contender = {
    ...{ name: 'guide-gate.sh', command: () => ['/bin/bash', SCRIPT, REPOSITORY, TAG] },
    env: { ...env, PATH: rivalPath() },
  }
  return { name, goal, result: await paired(ours, rival, rounds) }
}

/** The calls that a run makes, of whatever service. */
async function callsOf(aws: LocalAws, run: () => Promise<unknown>): Promise<readonly string[]> {
  const before = aws.calls.length
  await run()
  return aws.calls.slice(before).map(({ service, operation }) => `${service}:${operation}`)
}

/** What the bench prints. */
export const gateLines = (rounds: number): Promise<readonly string[]> =>
  withSteward(CONFIG, async (folder) => {
    const aws = await startLocalAws()
    try {
      fill(aws)
      const gate = [process.execPath, join(folder, 'ecr-steward.cjs'), 'gate', `${REPOSITORY}:${TAG}`]
      const words = [...gate, '--config', join(folder, 'steward.yaml')]
      const once = { name: 'gate', command: () => words, env: envOf(aws) }
      const calls = await callsOf(aws, () => timed(once))
      return [
        comparisonLine(await against(aws, words, rounds)),
        `  ${calls.length} calls for an image of one platform (goal ≤ 4): ${calls.join(', ')}`,
      ]
    } finally {
      await aws.close()
    }
  })

// `node bench/gate.ts 5` takes five pairs.
if (import.meta.main) {
  const rounds = Number(process.argv[2] ?? 15)
  console.log([...(await gateLines(rounds)), comparisonLine(await startUp(rounds))].join('\n'))
}
