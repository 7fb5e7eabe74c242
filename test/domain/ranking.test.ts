import { describe, expect, test } from 'vitest'
import { findingKey } from '../../functions/domain/finding.ts'
import { byUrgency, enrich } from '../../functions/domain/ranking.ts'
import { finding } from '../builders.ts'

describe('urgency', () => {
  test('goes by severity, exploit, use, likelihood, score, fix, then name', () => {
    const ordered = [
      finding({ id: 'severity', severity: 'CRITICAL', fixed: undefined }),
      finding({ id: 'exploit', exploit: true }),
      finding({ id: 'use', inUse: 2 }),
      finding({ id: 'epss', epss: 0.5 }),
      finding({ id: 'score', score: 7 }),
      finding({ id: 'a-fix' }),
      finding({ id: 'b-fix' }),
      finding({ id: 'b-fix' }),
      finding({ id: 'no-fix', fixed: undefined }),
    ]
    expect(ordered.toReversed().toSorted(byUrgency)).toEqual(ordered)
  })
})

describe('a finding as ECR has it', () => {
  const hint = finding({ epss: 0.2, exploit: true, inUse: 1, score: 5, fixed: '9' })

  test('learns from the event what the API leaves out', () => {
    const read = finding({ fixed: undefined })
    expect(enrich([read], new Map([[findingKey(hint), hint]]), findingKey)).toEqual([{ ...hint, installed: '3.0.1' }])
  })

  test('keeps what it knows itself, and stays as it is without an event', () => {
    const read = finding({ epss: 0.9, exploit: false, inUse: 7, score: 8, fixed: '3.0.15' })
    expect(enrich([read], new Map([[findingKey(hint), hint]]), findingKey)).toEqual([read])
    expect(enrich([read], new Map(), findingKey)).toEqual([read])
  })
})
