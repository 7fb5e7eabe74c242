import { describe, expect, test } from 'vitest'
import { Later } from '../functions/faults.ts'
import { type Claim, claimIfFree, type Memory, underClaim } from '../functions/memory.ts'

function fakeMemory() {
  const said: string[] = []
  const claim: Claim<string> = {
    told: 'before',
    keep: async (told) => void said.push(`keep ${told}`),
    mark: async (told) => void said.push(`mark ${told}`),
    release: async () => void said.push('release'),
  }
  const memory: Memory<string> = { claim: async () => claim }
  return { said, memory }
}

describe('work under a claim', () => {
  test('has what was told and what was gathered, and ends the claim itself', async () => {
    const { said, memory } = fakeMemory()
    const done = await underClaim(memory, 'a', Promise.resolve(7), async ({ told, mark }, gathered) => {
      await mark('after')
      return `${told} ${gathered}`
    })
    expect([done, said]).toEqual(['before 7', ['mark after']])
  })

  test.each([
    ['what is gathered cannot be read', () => Promise.reject(new TypeError('x')), async () => 'done'],
    ['the work fails', async () => 7, () => Promise.reject(new TypeError('x'))],
  ])('ends when %s', async (_, gathering, work) => {
    const { said, memory } = fakeMemory()
    await expect(underClaim<string, number, string>(memory, 'a', gathering(), work)).rejects.toThrow(TypeError)
    expect(said).toEqual(['release'])
  })

  test('is not begun while another is at it', async () => {
    const memory: Memory<string> = { claim: () => Promise.reject(new Later('taken')) }
    const gathering = Promise.reject(new TypeError('x'))
    await expect(underClaim(memory, 'a', gathering, async () => 'done')).rejects.toThrow(Later)
  })
})

describe('a claim that need not be had', () => {
  test('is had where nobody has it, and none where somebody has', async () => {
    expect(await claimIfFree(fakeMemory().memory, 'a')).toMatchObject({ told: 'before' })
    expect(await claimIfFree({ claim: () => Promise.reject(new Later('taken')) }, 'a')).toBeUndefined()
  })

  test('is no excuse for a table that fails', async () => {
    await expect(claimIfFree({ claim: () => Promise.reject(new TypeError('x')) }, 'a')).rejects.toThrow(TypeError)
  })
})
