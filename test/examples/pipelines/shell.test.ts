import { resolve } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { DIGEST, hasJq, like, type Machine, machine, REGISTRY, withJq } from './machine.ts'

const SCRIPT = resolve(import.meta.dirname, '../../../examples/pipelines/shell/gate-and-deploy.sh')
const COMMIT = '0123456789abcdef0123456789abcdef01234567'
const SETTINGS = { REGISTRY, REPOSITORY: 'prod/api', CLUSTER: 'production', SERVICE: 'api', CONTAINER: 'web' }

async function run(on: Machine, env: Readonly<Record<string, string>> = {}, ...words: readonly string[]) {
  const ended = await on.bash([SCRIPT, ...words], { ...SETTINGS, ...env })
  return { ...ended, calls: on.calls() }
}

describe.skipIf(!hasJq)(withJq('gate-and-deploy.sh'), () => {
  const on = machine()
  let passed: Awaited<ReturnType<typeof run>>
  beforeAll(async () => {
    passed = await run(on)
  })

  test('pushes under the commit, judges by digest, and deploys what passed by digest', () => {
    const { code, err, calls } = passed
    expect([code, err]).toEqual([0, expect.stringContaining(`Deployed: ${REGISTRY}/prod/api@${DIGEST}\n`)])
    expect(
      calls.filter(([tool, of]) => tool !== 'aws' || of === 'ecs').map((call) => call.slice(0, 3).join(' ')),
    ).toEqual([
      'git rev-parse HEAD',
      'docker login --username',
      'docker buildx build',
      `ecr-steward gate ${REGISTRY}/prod/api@${DIGEST}`,
      'aws ecs describe-services',
      'aws ecs describe-task-definition',
      'aws ecs register-task-definition',
      'aws ecs update-service',
      'aws ecs wait',
    ])
    expect(like(calls, 'docker buildx build')[0]).toContain(`--tag ${REGISTRY}/prod/api:${COMMIT} --push`)
    expect(on.left('password')).toBe('token\n')
    expect(like(calls, 'aws ecs update-service')[0]).toContain(':task-definition/api:8 ')
  })

  test('changes nothing of the task definition but the image of the container', () => {
    expect(JSON.parse(on.left('registered.json'))).toEqual({
      family: 'api',
      containerDefinitions: [
        { name: 'web', image: `${REGISTRY}/prod/api@${DIGEST}`, environment: [{ name: 'A', value: 'b c' }] },
        { name: 'proxy', image: `${REGISTRY}/proxy:1.0` },
      ],
    })
  })

  test.each([
    ['1', /^Not deployed: the image has findings that it may not have/m],
    ['2', /^Not deployed: the gate was called wrongly, or steward\.yaml is at fault/m],
    ['3', /^Not deployed: the image could not be judged, and that is no pass\. .* sha256:a{64}$/m],
    ['4', /^Not deployed: credentials or a permission are missing\. .* sha256:a{64}$/m],
    ['130', /^Not deployed: the gate was cut off \(exit 130\)\. .* sha256:a{64}$/m],
  ])('deploys nothing when the gate ends with %s, says why, and ends alike', async (GATE, why) => {
    const { code, err, calls } = await run(machine(), { GATE }, DIGEST)
    expect(String(code)).toBe(GATE)
    expect(err).toMatch(why)
    expect(like(calls, 'aws')).toEqual([])
  })

  test('with a digest builds nothing: it judges that image, and deploys it', async () => {
    const other = machine()
    const earlier = `sha256:${'b'.repeat(64)}`
    const { code, calls } = await run(other, {}, earlier)
    expect([code, like(calls, 'docker')]).toEqual([0, []])
    expect(like(calls, 'ecr-steward gate')[0]).toContain(`${REGISTRY}/prod/api@${earlier}`)
    expect(other.left('registered.json')).toContain(earlier)
  })

  test.each(['git rev-parse HEAD', 'aws ecr get-login-password', 'docker login', 'docker buildx build'])(
    'stops where %s fails: nothing is judged and nothing deployed',
    async (FAIL) => {
      const { code, calls } = await run(machine(), { FAIL })
      expect(code).toBe(1)
      expect([like(calls, 'ecr-steward'), like(calls, 'aws ecs')]).toEqual([[], []])
    },
  )

  test.each<Record<string, string>>([{ FAIL: 'aws ecs describe-task-definition' }, { CONTAINER: 'wbe' }])(
    'registers nothing where the task definition cannot be read or has no such container: %o',
    async (env) => {
      const { code, calls } = await run(machine(), env, DIGEST)
      expect(code).not.toBe(0)
      expect(like(calls, 'aws ecs register-task-definition')).toEqual([])
    },
  )

  test('says which setting is missing before it does anything', async () => {
    const { code, err, calls } = await run(machine(), { CLUSTER: '' })
    expect([code, calls]).toEqual([1, []])
    expect(err).toContain('CLUSTER: the ECS cluster')
  })
})
