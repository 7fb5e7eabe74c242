import { describe, expect, test } from 'vitest'
import { healthcheck } from '../../../functions/domain/rules/healthcheck.ts'
import { config, content, index, judge, judgeUnread, platform } from './facts.ts'

const image = (hasHealthcheck: boolean) => content(platform({ config: config({ hasHealthcheck }) }))

describe('healthcheck', () => {
  test('passes with one, and fails without', () => {
    expect(judge(healthcheck, { content: image(true) }).outcome).toBe('pass')
    expect(judge(healthcheck, { content: image(false) })).toMatchObject({
      outcome: 'fail',
      fix: { text: expect.stringContaining('HEALTHCHECK') },
    })
  })

  test('names the platform of an index that has none', () => {
    expect(judge(healthcheck, { content: index({}, { config: config({ hasHealthcheck: false }) }) }).reason).toBe(
      'linux/arm64: It has no health check.',
    )
  })

  test('does not speak of charts, and is unknown where the configuration cannot be read', () => {
    expect(judge(healthcheck, { content: { kind: 'artifact', what: 'a Helm chart' } }).outcome).toBe('not-applicable')
    expect(judgeUnread(healthcheck, 'content').outcome).toBe('unknown')
  })
})
