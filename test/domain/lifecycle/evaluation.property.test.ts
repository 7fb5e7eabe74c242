import { expect, test } from 'vitest'
import { apart } from '../../apart.ts'

const RUNS = 10_000

test(`no verdict differs from a plain evaluation, over ${RUNS} policies and repositories`, {
  timeout: 120_000,
}, async () => {
  expect(await apart(new URL('evaluation.property.ts', import.meta.url), String(RUNS))).toEqual('')
})
