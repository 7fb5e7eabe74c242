import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  CompleteLayerUploadCommand,
  CreateRepositoryCommand,
  type ECRClient,
  InitiateLayerUploadCommand,
  PutImageCommand,
  PutImageTagMutabilityCommand,
  UploadLayerPartCommand,
} from '@aws-sdk/client-ecr'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ensureAssembly } from '../../local/assembly.ts'
import { digestOf } from '../../local/aws/ecr/manifest.ts'
import { localConfig } from '../../local/config.ts'
import { startWorld, type World } from '../../local/world.ts'
import { clientsOf } from './aws/clients.ts'

const ROOT = join(import.meta.dirname, '../..')
const START = Date.parse('2026-11-20T00:00:00Z')
const hasCli = spawnSync('aws', ['--version'], { stdio: 'ignore' }).status === 0

beforeAll(() => ensureAssembly(ROOT), 60_000)

describe('a call of ECR in a world that announces calls', () => {
  let world: World
  let alice: ECRClient
  beforeAll(async () => {
    const { folder } = await ensureAssembly(ROOT)
    const config = localConfig(ROOT, () => {})
    world = await startWorld({ assembly: folder, config, start: START, announces: true })
    alice = clientsOf(world.aws.url, world.aws.region, 'alice').ecr
  }, 60_000)
  afterAll(() => world.close())

  /** Texts of the messages that came of what is done. */
  async function messagesOf(work: () => Promise<unknown>): Promise<string[]> {
    const before = world.slack.received().length
    await work()
    await world.cloud.settle()
    return world.slack
      .received()
      .slice(before)
      .map(({ payload }) => JSON.stringify(payload))
  }

  const upload = async (repositoryName: string, text: string) => {
    const { uploadId } = await alice.send(new InitiateLayerUploadCommand({ repositoryName }))
    const layerPartBlob = Buffer.from(text)
    const part = { uploadId, partFirstByte: 0, partLastByte: layerPartBlob.length - 1, layerPartBlob }
    await alice.send(new UploadLayerPartCommand({ repositoryName, ...part }))
    await alice.send(new CompleteLayerUploadCommand({ repositoryName, uploadId, layerDigests: [digestOf(text)] }))
    return { digest: digestOf(text), size: layerPartBlob.length }
  }

  test('that breaks a rule brings a message that says who did it', async () => {
    const settings = { repositoryName: 'prod/api', imageTagMutability: 'MUTABLE' as const }
    const [message, ...more] = await messagesOf(() => alice.send(new PutImageTagMutabilityCommand(settings)))
    expect(message).toContain('Drift in prod/api')
    expect(message).toContain('alice')
    expect(more).toEqual([])
  })

  test('that makes a careless repository brings one, and its push another', async () => {
    const repositoryName = 'prod/careless'
    const made = await messagesOf(() => alice.send(new CreateRepositoryCommand({ repositoryName })))
    expect(made).toMatchObject([expect.stringContaining(`rules fail in ${repositoryName}`)])
    const rootfs = { type: 'layers', diff_ids: [digestOf('diff')] }
    const config = await upload(
      repositoryName,
      JSON.stringify({ architecture: 'amd64', os: 'linux', config: {}, rootfs }),
    )
    const layer = await upload(repositoryName, 'layer')
    const oci = 'application/vnd.oci.image'
    const imageManifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: `${oci}.manifest.v1+json`,
      config: { mediaType: `${oci}.config.v1+json`, ...config },
      layers: [{ mediaType: `${oci}.layer.v1.tar+gzip`, ...layer }],
    })
    const pushed = await messagesOf(() =>
      alice.send(new PutImageCommand({ repositoryName, imageManifest, imageTag: '1.0.0' })),
    )
    expect(pushed).toMatchObject([expect.stringContaining('non-root-user')])
  })
})

const CLI = hasCli ? 'npm start -- --serve' : 'npm start -- --serve (skipped: no aws on PATH)'
describe.skipIf(!hasCli)(CLI, () => {
  let child: ChildProcess
  let said = ''
  const says = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const found = pattern.exec(said)
      if (found) return found
      if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${said}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  /** What the page is sent when it opens, as far as the first message. */
  async function shownOn(page: string): Promise<string> {
    const { body } = await fetch(new URL('/events', page))
    let text = ''
    for await (const chunk of body ?? []) {
      text += Buffer.from(chunk).toString()
      if (text.includes('\n\n')) break
    }
    return text
  }

  beforeAll(() => {
    const args = [join(ROOT, 'local/start.ts'), '--serve', '--port', '0', 'events/basic-scan-clean.json']
    child = spawn(process.execPath, args, { cwd: ROOT, env: { PATH: process.env.PATH ?? '' } })
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => {
        said += chunk
      })
  })
  afterAll(() => child.kill())

  test('tells what the AWS CLI changes, on the terminal and on the page', async () => {
    const [, page = '', endpoint = ''] = await says(/The messages: (\S+) {3}The report: \S+ {3}The local AWS: (\S+)/)
    const change = [
      'ecr',
      'put-image-tag-mutability',
      '--repository-name',
      'prod/web',
      '--image-tag-mutability',
      'MUTABLE',
    ]
    const env = {
      PATH: process.env.PATH,
      AWS_ACCESS_KEY_ID: 'alice',
      AWS_SECRET_ACCESS_KEY: 'none',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
    }
    await promisify(execFile)('aws', [...change, '--endpoint-url', endpoint, '--region', 'ap-northeast-1'], { env })
    await says(/watch {7}alerted {2}The rule tag-immutability no longer holds/)
    await says(/notify {6}sent #security/)
    expect(await shownOn(page)).toContain('Drift in prod/web')
  }, 60_000)
})
