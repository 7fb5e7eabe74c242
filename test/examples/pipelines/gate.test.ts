import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { act } from '../../../action/act.ts'
import { run } from '../../../cli/run.ts'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { bundled, recorder } from '../../cli/cli.ts'
import { configuration, imageManifest, indexManifest, member } from '../../policy/image/manifests.ts'
import { runBuildspec } from './buildspec.ts'
import { hasJq, type Machine, machine, REGISTRY, withJq } from './machine.ts'
import { Failed, runWorkflow, workflowOf } from './workflow.ts'

const SCRIPT = resolve(import.meta.dirname, '../../../examples/pipelines/shell/gate-and-deploy.sh')
const cli = bundled()

const finding = (name: string) => ({
  ...{ name, severity: 'CRITICAL' as const, attributes: [{ key: 'package_name', value: 'openssl' }] },
})
const complete = (...names: readonly string[]) => ({
  ...{ status: { status: 'COMPLETE' }, findings: names.map(finding), completedAt: new Date('2026-11-20T10:00:00Z') },
})
const [OLD, NEW] = ['CVE-2025-0001', 'CVE-2026-0001']

let aws: LocalAws
beforeAll(async () => {
  aws = await startLocalAws({ region: 'eu-central-1' })
  for (const repositoryName of ['prod/api', 'scratch/api']) aws.ecr.createRepository({ repositoryName })
})
afterAll(() => aws.close())

const credentials = () => ({
  ...{ AWS_ENDPOINT_URL: aws.url, AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' },
})

/** The action as the runner starts it, in this process. Its exit codes are kept. */
function theAction() {
  const codes: number[] = []
  const gate = async (inputs: Readonly<Record<string, string>>, { work }: Machine) => {
    const given = Object.entries(inputs).map(([input, value]) => [`INPUT_${input.toUpperCase()}`, value])
    const GITHUB_OUTPUT = join(work, '../gate.outputs')
    const env = { ...credentials(), RUNNER_TEMP: work, GITHUB_OUTPUT, ...Object.fromEntries(given) }
    const io = { stdout: recorder().stream, stderr: recorder().stream, cwd: work, now: () => new Date() }
    const code = await act(run, { ...io, env })
    codes.push(code)
    const said = readFileSync(GITHUB_OUTPUT, 'utf8').matchAll(/^([\w-]+)<<(\S+)\n(.*)\n\2$/gm)
    const outputs = Object.fromEntries([...said].map(([, name = '', , value = '']) => [name, value]))
    if (code !== 0) throw new Failed(`exit ${code}`, outputs)
    return outputs
  }
  return { codes, gate }
}

describe.skipIf(!hasJq).each([
  { name: 'clean', scan: complete(), code: 0 },
  { name: 'vulnerable', scan: complete(NEW), code: 1 },
  { name: 'unreadable', scan: { status: { status: 'FAILED', description: 'UnsupportedImageError' } }, code: 3 },
])(withJq('an index whose image for arm64 is $name, judged by the real gate'), ({ name, scan, code }) => {
  let digest = ''
  beforeAll(() => {
    const repositoryName = 'prod/api'
    const images = ['amd64', 'arm64'].map((architecture) => imageManifest(configuration({ architecture, name })))
    const members = images.map((one, index) =>
      member(one, { platform: { os: 'linux', architecture: ['amd64', 'arm64'][index] } }),
    )
    const index = indexManifest(members)
    for (const { text } of [...images, index]) aws.ecr.putImage({ repositoryName, imageManifest: text })
    for (const [at, one] of images.entries()) aws.ecr.putScan(repositoryName, one.digest, at === 0 ? complete() : scan)
    digest = index.digest
  })
  const uri = (): string => `${REGISTRY}/prod/api@${digest}`
  const building = (): Machine => machine({ ...credentials(), DIGEST: digest }, cli.file)

  test('in the shell', async () => {
    const on = building()
    const settings = { REGISTRY, REPOSITORY: 'prod/api', CLUSTER: 'production', SERVICE: 'api', CONTAINER: 'web' }
    const ended = await on.bash([SCRIPT], settings)
    expect(ended.code).toBe(code)
    expect(ended.out.includes(NEW)).toBe(code === 1)
    expect(ended.err).toContain(code === 0 ? `Deployed: ${uri()}` : 'Not deployed: ')
    expect(on.calls().some((call) => call.includes('update-service'))).toBe(code === 0)
    if (code === 0) expect(on.left('registered.json')).toContain(uri())
  })

  test('in CodeBuild', async () => {
    const on = building()
    const { failed } = await runBuildspec(on)
    expect(failed).toEqual(code === 0 ? [] : ['post_build'])
    expect(on.read('gate.xml')).toContain('<testsuite')
    expect(on.has('imagedefinitions.json')).toBe(code === 0)
    if (code === 0) expect(on.read('imagedefinitions.json')).toContain(uri())
  })

  test('in GitHub Actions', async () => {
    const [on, { codes, gate }] = [building(), theAction()]
    const { failed, steps, inputs } = await runWorkflow(workflowOf('build-and-deploy.yml'), on, {
      'docker/build-push-action': () => ({ digest }),
      'anchore/sbom-action/download-syft': () => ({ cmd: 'syft' }),
      'OWNER/ecr-steward': gate,
    })
    expect([codes, failed]).toEqual([[code], code === 0 ? [] : ['gate']])
    // What is not in the file, code scanning would take for fixed.
    expect(steps.includes('gate: Show the findings under Security')).toBe(code !== 3)
    expect(JSON.parse(on.read('gate.sarif'))).toMatchObject({ version: '2.1.0' })
    expect(inputs['aws-actions/amazon-ecs-render-task-definition']?.image).toBe(code === 0 ? uri() : undefined)
  })
})

describe('a pull request', () => {
  const push = (imageTag: string, names: readonly string[]): string => {
    const { text, digest } = imageManifest(configuration({ imageTag, names }))
    aws.ecr.putImage({ repositoryName: 'scratch/api', imageManifest: text, imageTag })
    aws.ecr.putScan('scratch/api', digest, complete(...names))
    return digest
  }
  beforeAll(() => void push('main', [OLD]))

  test.each([
    ['what main has too, passes', [OLD], 0],
    ['more than main has, fails', [OLD, NEW], 1],
  ])('that brings %s', async (_, found, code) => {
    const [digest, { codes, gate }] = [push('pr-42', found), theAction()]
    const { failed } = await runWorkflow(workflowOf('pull-request.yml'), machine(), {
      'docker/build-push-action': () => ({ digest }),
      'OWNER/ecr-steward': gate,
    })
    expect([codes, failed]).toEqual([[code], code === 0 ? [] : ['gate']])
  })
})
