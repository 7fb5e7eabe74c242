import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { STACK } from '../../cli/doctor/stack.ts'
import { VERSION } from '../../cli/version.ts'
import { synthesise } from './synth.ts'

const { outdir, outputs } = synthesise()

test('the stack says its version, by the name that ecr-steward doctor asks for', () => {
  expect(outputs).toMatchObject({ Version: { Value: VERSION } })
  expect(existsSync(join(outdir, `${STACK}.template.json`))).toBe(true)
})
