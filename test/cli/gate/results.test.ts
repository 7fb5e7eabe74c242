import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { GateResultSchema } from '../../../functions/domain/gate/result.ts'
import { HOSTILE, many, RESULTS } from './results.ts'

describe('results to try formats with', () => {
  it.each(Object.entries({ ...RESULTS, many }))('%s is one that the gate may give', (_, result) => {
    expect(v.safeParse(GateResultSchema, result()).issues).toBeUndefined()
  })

  it('puts the hostile text into every text', () => {
    const { findings, image, rules, reasons, platforms } = RESULTS.hostile?.() ?? {}
    const texts = [findings?.[0]?.id, findings?.[0]?.package, findings?.[0]?.exception?.owner, image?.repository]
    for (const text of [...texts, rules?.[0]?.fix?.command, reasons?.[0], platforms?.[1]?.problem])
      expect(text?.startsWith(HOSTILE)).toBe(true)
    expect(findings?.[0]?.url).toMatch(/^https:/)
  })
})
