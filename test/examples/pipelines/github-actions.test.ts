import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { DIGEST, hasJq, like, type Machine, machine, PLATFORMS, REGISTRY, withJq } from './machine.ts'
import { type Actions, Failed, runWorkflow, workflowOf } from './workflow.ts'

const BUILT = workflowOf('build-and-deploy.yml')
const PULL_REQUEST = workflowOf('pull-request.yml')
const IMAGE = `${REGISTRY}/prod/api@${DIGEST}`

/** The gate as action.yml has it, with the exit code that it is to have. */
const gate = (code: number) => (inputs: Readonly<Record<string, string>>, on: Machine) => {
  const [, sarif] = /sarif=(.*)/.exec(inputs.output ?? '') ?? []
  if (sarif && code !== 4) writeFileSync(join(on.work, sarif), '{}')
  if (code !== 0) throw new Failed(`exit ${code}`, { verdict: code === 1 ? 'fail' : 'unknown' })
  if (inputs['digest-file']) writeFileSync(join(on.work, inputs['digest-file']), `${inputs.image?.split('@')[1]}\n`)
  return { outcome: 'pass', digest: DIGEST }
}

const actions = (code = 0, others: Actions = {}): Actions => ({
  'docker/build-push-action': () => ({ digest: DIGEST }),
  'anchore/sbom-action/download-syft': (_, on) => ({ cmd: join(on.bin, 'syft') }),
  'aws-actions/amazon-ecs-render-task-definition': ({ image = '' }) => ({ 'task-definition': `/tmp/${image}.json` }),
  'OWNER/ecr-steward': gate(code),
  ...others,
})

const build = async (code = 0, others: Actions = {}, env: Readonly<Record<string, string>> = {}) => {
  const on = machine(env)
  return { ...(await runWorkflow(BUILT, on, actions(code, others))), calls: on.calls() }
}

describe.skipIf(!hasJq)(withJq('build-and-deploy.yml'), () => {
  let passed: Awaited<ReturnType<typeof build>>
  beforeAll(async () => {
    passed = await build()
  })

  test('deploys by digest what was judged by digest and passed', () => {
    const { failed, inputs, steps } = passed
    expect(failed).toEqual([])
    expect(inputs['docker/build-push-action']?.tags).toBe(
      `${REGISTRY}/prod/api:0123456789abcdef0123456789abcdef01234567`,
    )
    expect(inputs['OWNER/ecr-steward']?.image).toBe(IMAGE)
    expect(inputs['aws-actions/amazon-ecs-render-task-definition']?.image).toBe(IMAGE)
    expect(inputs['aws-actions/amazon-ecs-deploy-task-definition']?.['task-definition']).toContain(DIGEST)
    expect(steps.indexOf('deploy: Deploy')).toBeGreaterThan(steps.indexOf('gate: Take the digest that passed'))
  })

  test('pushes and signs with one role, and deploys with another', () => {
    const roles = Object.entries(BUILT.jobs).map(([name, { steps }]) => [
      name,
      ...steps.flatMap((step) => /vars\.(\w+)/.exec(String(step.with?.['role-to-assume']))?.[1] ?? []),
    ])
    expect(roles).toEqual([
      ['build', 'AWS_PUSH_ROLE_ARN'],
      ['gate', 'AWS_PUSH_ROLE_ARN'],
      ['deploy', 'AWS_DEPLOY_ROLE_ARN'],
    ])
  })

  test('signs the index with its images, and attaches an SBOM to each image', () => {
    const { calls } = passed
    expect(like(calls, 'cosign')).toEqual([
      `cosign sign --yes --recursive ${IMAGE}`,
      ...PLATFORMS.map(
        (digest) => `cosign attest --yes --type spdxjson --predicate sbom.spdx.json ${REGISTRY}/prod/api@${digest}`,
      ),
    ])
    expect(like(calls, 'syft')).toEqual(
      PLATFORMS.map((digest) => `syft scan registry:${REGISTRY}/prod/api@${digest} --output spdx-json=sbom.spdx.json`),
    )
  })

  test('attaches the SBOM of an image for one platform to the image itself', async () => {
    const on = machine()
    writeFileSync(join(on.work, '../index.json'), JSON.stringify({ schemaVersion: 2, config: {}, layers: [] }))
    await runWorkflow(BUILT, on, actions())
    expect(like(on.calls(), 'cosign attest')).toEqual([expect.stringContaining(IMAGE)])
  })

  test('gives pull requests the image that passed, to compare with', () => {
    const { calls } = passed
    expect(like(calls, 'docker buildx imagetools create')).toEqual([
      `docker buildx imagetools create --tag ${REGISTRY}/scratch/api:main ${IMAGE}`,
    ])
  })

  test.each([1, 2, 3, 4])(
    'signs and deploys nothing where the gate ends with %d, and shows the findings where they are known',
    async (code) => {
      const { failed, steps, calls } = await build(code)
      expect(failed).toEqual(['gate'])
      expect(calls).toEqual([])
      const shown = code === 1 ? ['gate: Show the findings under Security'] : []
      expect(steps.slice(steps.indexOf('gate: Judge the image'))).toEqual(['gate: Judge the image', ...shown])
    },
  )

  test('uploads nothing where the gate has written nothing', async () => {
    const { failed, steps } = await build(4)
    expect(failed).toEqual(['gate'])
    expect(steps.at(-1)).toBe('gate: Judge the image')
  })

  test('deploys nothing where the gate says that all is well and leaves no digest', async () => {
    const { failed, steps } = await build(0, { 'OWNER/ecr-steward': () => ({ outcome: 'pass', digest: DIGEST }) })
    expect(failed).toEqual(['gate'])
    expect(steps.at(-1)).toBe('gate: Take the digest that passed')
  })

  test.each(['cosign sign', 'cosign attest', 'syft scan', 'docker buildx imagetools inspect'])(
    'deploys nothing where %s fails',
    async (FAIL) => {
      const { failed, steps } = await build(0, {}, { FAIL })
      expect(failed).toEqual(['gate'])
      expect(steps.filter((step) => step.startsWith('deploy'))).toEqual([])
    },
  )

  test('judges and deploys nothing where the build fails', async () => {
    const fails = () => {
      throw new Error('no space left')
    }
    const { failed, steps } = await build(0, { 'docker/build-push-action': fails })
    expect(failed).toEqual(['build'])
    expect(steps.at(-1)).toBe('build: Build and push')
  })
})

describe('pull-request.yml', () => {
  const pullRequest = (code: number, github?: object) => runWorkflow(PULL_REQUEST, machine(), actions(code), github)

  test('judges by digest what it pushed to the scratch repository, against the image of main', async () => {
    const { failed, inputs } = await pullRequest(0)
    expect(failed).toEqual([])
    expect(inputs['docker/build-push-action']).toMatchObject({ tags: `${REGISTRY}/scratch/api:pr-42`, push: 'true' })
    expect(inputs['OWNER/ecr-steward']).toMatchObject({
      image: `${REGISTRY}/scratch/api@${DIGEST}`,
      'new-since': 'main',
    })
    expect(inputs['aws-actions/configure-aws-credentials']?.['role-to-assume']).toBe('arn:PULL_REQUEST')
  })

  test.each([1, 3])('fails where the gate ends with %d', async (code) => {
    expect((await pullRequest(code)).failed).toEqual(['gate'])
  })

  test('does nothing for a fork, which may not push', async () => {
    const fork = { event: { pull_request: { number: 42, head: { repo: { full_name: 'mallory/api' } } } } }
    expect((await pullRequest(0, { repository: 'acme/api', ...fork })).steps).toEqual([])
  })
})
