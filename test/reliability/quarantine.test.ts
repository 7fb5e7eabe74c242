import { describe, expect, test } from 'vitest'
import { envOf } from '../adapters/env.ts'
import { steward } from '../cli/cli.ts'
import { journalOf } from './journal.ts'
import { useRegistry } from './registry.ts'
import { useRig } from './rig.ts'

const YAML = `
alerts: [{ repositories: ["**"], threshold: HIGH, to: [sns] }]
policy: [{ repositories: ["prod/**"], rules: { non-root-user: { mode: report, quarantine: true }, tag-naming: report } }]
operations: { email: [] }
`

const rig = await useRig({ yaml: YAML, announces: true })
const { aws } = rig.world
const { repository, push, alerts, settle } = useRegistry(rig)

const tagsOf = (name: string, digest: string) =>
  [...(aws.ecr.repository(name)?.images.get(digest)?.tags ?? [])].toSorted()
const release = (...argv: readonly string[]) =>
  steward(['release', ...argv], { env: envOf(aws), now: () => new Date(rig.now) })
const table = () => String(rig.world.cloud.outputs.StateTableName)

describe('the deployed push-check', () => {
  test('brings an image that fails into quarantine, tells it once, and is not set off by what it does itself', async () => {
    const name = repository({ mutability: 'MUTABLE' })
    const { digest } = await push(name, { tags: ['1.4.2', '1.4.3'] })
    await settle()
    expect(tagsOf(name, digest)).toEqual(['quarantine-1.4.2', 'quarantine-1.4.3'])
    expect(alerts(name)).toHaveLength(1)
    expect(alerts(name)[0]).toMatchObject({
      title: expect.stringContaining(`In quarantine: ${name}:1.4.`),
      command: `ecr-steward release ${aws.account}.dkr.ecr.${aws.region}.amazonaws.com/${name}@${digest}`,
    })
    expect(await journalOf(rig, name)).toMatchObject([{ outcome: expect.stringContaining('done: ') }])
    expect(rig.dead()).toEqual({})
  })

  test('leaves it where it is once somebody has released it, whatever is pushed under its tags again', async () => {
    const name = repository({ mutability: 'MUTABLE' })
    const { digest } = await push(name, { tags: ['1.4.2'] })
    await settle()
    const { code } = await release(`${name}:1.4.2`, '--table', table(), '--reason', 'OPS-12', '--yes')
    expect([code, tagsOf(name, digest)]).toEqual([0, ['1.4.2']])
    await settle()
    await push(name, { tags: ['1.4.9'] })
    await settle()
    expect(tagsOf(name, digest)).toEqual(['1.4.2', '1.4.9'])
    expect(rig.dead()).toEqual({})
  })

  test('leaves images alone that pass, and tags that are immutable', async () => {
    const [name, immutable] = [repository({ mutability: 'MUTABLE' }), repository()]
    const [good, bad] = [await push(name, { user: '10001' }), await push(immutable)]
    await settle()
    expect([tagsOf(name, good.digest), tagsOf(immutable, bad.digest)]).toEqual([['1.0.0'], ['1.0.0']])
    expect(alerts(immutable)[0]?.notices.join()).toContain('tags of the repository are immutable')
  })

  test.each([
    ['DescribeImages', { drop: true }],
    ['BatchGetImage', { code: 'ThrottlingException' }],
    ['PutImage', { drop: true }],
    ['PutImage', { code: 'InternalFailure', status: 500 }],
    ['BatchDeleteImage', { drop: true }],
    ['BatchDeleteImage', { code: 'ThrottlingException' }],
  ] as const)('goes on after a fault at %s: %j', async (operation, error) => {
    const name = repository({ mutability: 'MUTABLE' })
    const { digest } = await push(name, { tags: ['1.4.2'] })
    aws.faults.inject({ service: 'ecr', operation, times: 4, error })
    await settle()
    expect(tagsOf(name, digest)).toEqual(['quarantine-1.4.2'])
    expect(new Set(alerts(name).map(({ id }) => id)).size).toBe(1)
  })
})
