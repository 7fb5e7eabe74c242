import { expect, test } from 'vitest'
import { apart } from '../../apart.ts'

const oracle = (hunt: string) => apart(new URL('oracle.ts', import.meta.url), hunt)

test('whom IAM lets in although nobody allowed it, repository-policy reports', async () => {
  expect(await oracle('nobody allowed')).toEqual('')
}, 120_000)

test('a Deny that leaves out more than it seems to is not taken for a fence', async () => {
  expect(await oracle('no fence')).toEqual('')
}, 120_000)

test('who may delete or unprotect, deletion-safety reports', async () => {
  expect(await oracle('may delete')).toEqual('')
}, 120_000)
