import { expect, test } from 'vitest'
import { byRegistry } from '../../functions/policy/in-registry.ts'

test('a registry is opened once, and of many those stay open that were asked for last', () => {
  const asked: string[] = []
  const registries = byRegistry(({ account, region }) => {
    asked.push(`${account}/${region}`)
    return { name: `${account}/${region}` }
  })
  const at = (n: number, region = 'a') => registries.at({ account: String(n), region })
  expect(at(1)).toBe(at(1))
  expect(at(1)).not.toBe(at(1, 'b'))
  expect(asked).toEqual(['1/a', '1/b'])
  for (let n = 2; n <= 15; n++) at(n)
  at(1)
  at(16)
  const names = [...registries.opened()].map(({ name }) => name)
  expect(names).toHaveLength(16)
  expect(names).toContain('1/a')
  expect(names).not.toContain('1/b')
})
