import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { constraintOf } from '../../../local/aws/ecr/constraints.ts'
import { layerUrls } from '../../../local/aws/ecr/layer-urls.ts'
import { ecrService } from '../../../local/aws/ecr/service.ts'
import { Registry } from '../../../local/aws/ecr/state.ts'
import { createClock } from '../../../local/clock.ts'

type Limits = Record<string, { min?: number; max?: number; enum?: string[]; pattern?: string }>

const around = { account: '123456789012', region: 'ap-northeast-1', clock: createClock(), url: () => '' }
const { handlers, operations } = ecrService(new Registry(around, () => true), layerUrls(around))
const ours = Object.keys(handlers)

const script = path.join(import.meta.dirname, 'botocore-limits.py')
const { status, stdout } = spawnSync('python3', [script, ...ours], { encoding: 'utf8' })
const hasBotocore = status === 0

const NAME = hasBotocore
  ? "the limits of botocore's model"
  : "the limits of botocore's model (skipped: no botocore here)"
/** No least is none, and no most is no end. */
const extent = (min = 0, max = Number.POSITIVE_INFINITY) => ({ min, max })

describe.skipIf(!hasBotocore)(NAME, () => {
  const model = hasBotocore ? (JSON.parse(stdout) as Record<string, Limits>) : {}

  test.each(ours)('are those of our table: %s', (operation) => {
    for (const [member, limits] of Object.entries(model[operation] ?? {})) {
      const constraint = constraintOf(operation, member)
      const [least, most] = constraint?.size ?? constraint?.range ?? []
      const found = { member, ...extent(least, most), enum: constraint?.oneOf?.toSorted() }
      expect(found).toEqual({ member, ...extent(limits.min, limits.max), enum: limits.enum?.toSorted() })
    }
  })
})

test('every operation that we answer is one of the SDK', () => {
  expect(ours.filter((operation) => !operations.has(operation))).toEqual([])
})
