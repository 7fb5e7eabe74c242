import { expect, test } from 'vitest'
import { kept } from '../functions/kept.ts'

const keeping = { keyOf: (name: string) => name, most: 2 }

function counted(fails = false) {
  const asked: string[] = []
  const ask = async (name: string): Promise<number> => {
    asked.push(name)
    if (fails) throw new Error('no')
    return asked.length
  }
  return { asked, ask }
}

test('an answer is asked for once, also by those who ask at the same time', async () => {
  const { asked, ask } = counted()
  const read = kept(keeping, ask)
  expect(await Promise.all([read('a'), read('a')])).toEqual([1, 1])
  expect(await read('a')).toBe(1)
  expect(asked).toEqual(['a'])
})

test('what failed is asked for again', async () => {
  const { asked, ask } = counted(true)
  const read = kept(keeping, ask)
  await expect(read('a')).rejects.toThrow('no')
  await expect(read('a')).rejects.toThrow('no')
  expect(asked).toEqual(['a', 'a'])
})

test('the first answer goes first', async () => {
  const { asked, ask } = counted()
  const read = kept(keeping, ask)
  for (const name of ['a', 'b', 'c', 'b', 'a']) await read(name)
  expect(asked).toEqual(['a', 'b', 'c', 'a'])
})

test('an answer is asked for again when it is old', async () => {
  let time = 0
  const { asked, ask } = counted()
  const read = kept({ ...keeping, fresh: 10, now: () => time }, ask)
  await read('a')
  time = 9
  await read('a')
  time = 10
  await read('a')
  expect(asked).toEqual(['a', 'a'])
})

test('a failure that comes late takes nothing from a newer answer', async () => {
  let time = 0
  const failing = Promise.withResolvers<number>()
  const answers = [failing.promise, Promise.resolve(2)]
  const read = kept({ ...keeping, fresh: 10, now: () => time }, () => answers.shift() ?? Promise.resolve(3))
  const first = read('a')
  time = 20
  await read('a')
  failing.reject(new Error('late'))
  await expect(first).rejects.toThrow('late')
  expect(await read('a')).toBe(2)
})
