import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { constraintOf } from '../../../local/aws/ecr/constraints.ts'
import { ecrService } from '../../../local/aws/ecr/service.ts'
import { Registry } from '../../../local/aws/ecr/state.ts'
import { createClock } from '../../../local/clock.ts'

type Limits = Record<string, { min?: number; max?: number; enum?: string[]; pattern?: string }>

const around = { account: '123456789012', region: 'ap-northeast-1', clock: createClock(), url: () => '' }
const { handlers, operations } = ecrService(new Registry(around))
const ours = Object.keys(handlers)

const script = path.join(import.meta.dirname, 'botocore-limits.py')
const { status, stdout } = spawnSync('python3', [script, ...ours], { encoding: 'utf8' })
const hasBotocore = status === 0

const NAME = hasBotocore
  ? "the limits of botocore's model"
  : "the limits of botocore's model (skipped: no botocore here)"
describe.skipIf(!hasBotocore)(NAME, () => {
  const model = hasBotocore ? (JSON.parse(stdout) as Record<string, Limits>) : {}

  test.each(ours)('are those of our table: %s', (operation) => {
    for (const [member, limits] of Object.entries(model[operation] ?? {})) {
      const constraint = constraintOf(operation, member)
      const [least, most] = constraint?.size ?? constraint?.range ?? []
      const found = { member, min: least, max: most, enum: constraint?.oneOf?.toSorted() }
      expect(found).toEqual({ member, min: limits.min, max: limits.max, enum: limits.enum?.toSorted() })
    }
  })
})

test('every operation that we answer is one of the SDK', () => {
  expect(ours.filter((operation) => !operations.has(operation))).toEqual([])
})
