import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const RUNS = 10_000

/** A process of its own, since measuring coverage makes it eight times slower. */
const property = (): { readonly status: number | null; readonly stderr: string } =>
  spawnSync(process.execPath, [join(import.meta.dirname, 'evaluation.property.ts'), String(RUNS)], {
    env: { ...process.env, NODE_V8_COVERAGE: '' },
    encoding: 'utf8',
  })

test(`no verdict differs from a plain evaluation, over ${RUNS} policies and repositories`, { timeout: 120_000 }, () => {
  expect(property()).toMatchObject({ status: 0, stderr: '' })
})
