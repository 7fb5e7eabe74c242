import { describe, expect, test } from 'vitest'
import { fail, type Judgement, notApplicable, pass, unknown } from '../../functions/domain/rule/judgement.ts'
import { worstOf } from '../../functions/domain/rule/platforms.ts'

const digest = `sha256:${'4a'.repeat(32)}`
const fix = { text: 'Mend it.' }
const evidence = (value: string) => [{ name: 'USER', value }]

const PLATFORMS = ['linux/amd64', 'linux/arm64', 'linux/s390x']
const worst = (...judgements: readonly Judgement[]) =>
  worstOf(
    judgements.map((judgement, n) => ({ digest, platform: PLATFORMS[n], judgement })),
    ({ judgement }) => judgement,
  )

describe('an image of several platforms', () => {
  test('fails where one of them does, which is named with its evidence', () => {
    expect(worst(pass('Good.', evidence('app')), fail('Bad.', fix, evidence('root')), unknown('Unread.'))).toEqual({
      outcome: 'fail',
      reason: 'linux/arm64: Bad.',
      fix,
      evidence: [{ name: 'USER, linux/arm64', value: 'root' }],
    })
  })

  test('names every platform with its own reason, and none where all have the same', () => {
    expect(worst(fail('Bad.', fix), fail('Worse.', fix), fail('Bad.', fix)).reason).toBe(
      'linux/amd64, linux/s390x: Bad. linux/arm64: Worse.',
    )
    expect(worst(fail('Bad.', fix), fail('Bad.', fix)).reason).toBe('Bad.')
  })

  test('is unknown where one of them is, and passes only with all of them', () => {
    expect(worst(pass('Good.'), unknown('Unread.'))).toEqual({ outcome: 'unknown', reason: 'linux/arm64: Unread.' })
    expect(worst(pass('Good.', evidence('a')), pass('Good.', evidence('b')))).toEqual({
      outcome: 'pass',
      reason: 'Good.',
      evidence: [
        { name: 'USER, linux/amd64', value: 'a' },
        { name: 'USER, linux/arm64', value: 'b' },
      ],
    })
  })

  test('passes though a rule does not speak of some, and is none of its business where it speaks of none', () => {
    expect(worst(notApplicable('Windows.'), pass('Good.'))).toMatchObject({ outcome: 'pass', evidence: [] })
    expect(worst(notApplicable('Windows.'), notApplicable('Windows.'))).toEqual(notApplicable('Windows.'))
  })

  test('has platforms named by their digest where nothing else names them', () => {
    const platforms = [{ digest }, { digest: `sha256:${'5b'.repeat(32)}` }]
    expect(worstOf(platforms, (one) => (one.digest === digest ? pass('Good.') : unknown('Unread.'))).reason).toBe(
      'sha256:5b5b5b5b5b5b: Unread.',
    )
  })
})

test('an image of one platform is judged as it is', () => {
  expect(worst(fail('Bad.', fix))).toEqual(fail('Bad.', fix))
})

test('an image of no platform is unknown', () => {
  expect(worst()).toEqual(unknown('It has no platform.'))
})
