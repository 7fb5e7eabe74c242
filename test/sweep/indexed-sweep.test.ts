import { expect, test } from 'vitest'
import { KEYS } from '../../functions/sweep/contract.ts'
import { indexOf, row } from '../domain/supply-chain/package-index/rows.ts'
import { stack, sweepConfigOf } from './world.ts'

const world = stack()

test('a sweep keeps what an earlier one knows of a repository that it could not judge, and tells of a package in it once', async () => {
  const config = sweepConfigOf()
  const watched = {
    ...config,
    sweep: { ...config.sweep, packages: 'attached', watchFor: [{ package: 'xz', slack: ['security'] }] },
  } as const
  world.all.aws.ecr.createRepository({ repositoryName: 'team/web' })
  const ref = { ...world.home(), repository: 'team/web' }
  await world.store().create(KEYS.packagesOf(ref), indexOf([row([{ name: 'xz', version: '5.6.0' }], ref)]))
  const tell = async (hour: string) => {
    world.all.now = new Date(`2026-11-28T${hour}:00:05Z`)
    await world.run(watched, { skip: () => true })
    return world
      .published()
      .map((text) => JSON.parse(JSON.parse(text).default))
      .filter(({ kind }) => kind === 'package-found')
  }
  expect(await tell('21')).toMatchObject([{ channels: ['security'], title: 'xz is in 1 image' }])
  expect(await tell('22')).toHaveLength(1)
  expect(world.objects()[`sweep/${KEYS.packageIndex(world.home())}`]).toContain('2026-11-28t22/packages/')
})
