import { describe, expect, test } from 'vitest'
import { requiredLabels } from '../../../functions/domain/rules/required-labels.ts'
import { config, content, index, judge, judgeUnread, platform } from './facts.ts'

const SOURCE = 'org.opencontainers.image.source'
const REVISION = 'org.opencontainers.image.revision'
const image = (labels: Record<string, string>) => content(platform({ config: config({ labels }) }))

describe('required-labels', () => {
  test.each([
    ['all of them', { [SOURCE]: 'https://example.com', [REVISION]: 'abc' }, {}, 'pass'],
    ['none', {}, {}, 'fail'],
    ['one without a value', { [SOURCE]: 'https://example.com', [REVISION]: '' }, {}, 'fail'],
    ['others that are asked for', { team: 'a' }, { labels: ['team'] }, 'pass'],
    ['one that every object has', {}, { labels: ['constructor'] }, 'fail'],
    ['none, where none is asked for', {}, { labels: [] }, 'pass'],
  ])('%s', (_, labels, parameters, outcome) => {
    expect(judge(requiredLabels, { content: image(labels) }, { parameters }).outcome).toBe(outcome)
  })

  test('names what is missing, and how to give it', () => {
    expect(judge(requiredLabels, { content: image({ [SOURCE]: 'x' }) })).toMatchObject({
      reason: `It lacks ${REVISION}.`,
      evidence: [{ name: 'Missing', value: REVISION }],
      fix: { text: `Give them when building: docker build --label ${REVISION}=…` },
    })
  })

  test('names the platform of an index that lacks one', () => {
    const good = { config: config({ labels: { a: 'b' } }) }
    const given = index(good, { config: config({ labels: {} }) })
    expect(judge(requiredLabels, { content: given }, { parameters: { labels: ['a'] } }).reason).toBe(
      'linux/arm64: It lacks a.',
    )
  })

  test('is unknown where the configuration cannot be read', () => {
    expect(judgeUnread(requiredLabels, 'content').outcome).toBe('unknown')
  })
})
