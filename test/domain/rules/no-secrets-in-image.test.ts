import { describe, expect, test } from 'vitest'
import { noSecretsInImage } from '../../../functions/domain/rules/no-secrets-in-image.ts'
import { config, content, index, judge, judgeUnread, platform } from './facts.ts'

const password = { where: 'ENV DB_PASSWORD', name: 'DB_PASSWORD', what: 'a name that says password' }
const step = { where: 'history 7', what: 'a GitHub token' }
const image = (...suspects: readonly (typeof password | typeof step)[]) =>
  content(platform({ config: config({ suspects }) }))

describe('no-secrets-in-image', () => {
  test.each([
    ['nothing', image(), {}, 'pass'],
    ['a variable', image(password), {}, 'fail'],
    ['a variable whose value is none', image(password), { allowed: ['DB_PASS*'] }, 'pass'],
    ['a step that has no name', image(step), { allowed: ['**'] }, 'fail'],
    ['a step beside a variable whose value is none', image(password, step), { allowed: ['DB_PASSWORD'] }, 'fail'],
  ])('%s', (_, given, parameters, outcome) => {
    expect(judge(noSecretsInImage, { content: given }, { parameters }).outcome).toBe(outcome)
  })

  test('says where, and what it looks like', () => {
    expect(judge(noSecretsInImage, { content: image(password, step) })).toMatchObject({
      reason: 'What looks like a secret is in 2 places.',
      evidence: [
        { name: 'ENV DB_PASSWORD', value: 'a name that says password' },
        { name: 'history 7', value: 'a GitHub token' },
      ],
    })
    expect(judge(noSecretsInImage, { content: image(step) }).reason).toBe('What looks like a secret is in 1 place.')
  })

  test('names the platform of an index that holds one', () => {
    const bad = { config: config({ suspects: [step] }) }
    expect(judge(noSecretsInImage, { content: index({}, bad) })).toMatchObject({
      reason: 'linux/arm64: What looks like a secret is in 1 place.',
      evidence: [{ name: 'history 7, linux/arm64', value: 'a GitHub token' }],
    })
  })

  test('is unknown where the configuration cannot be read', () => {
    expect(judgeUnread(noSecretsInImage, 'content').outcome).toBe('unknown')
  })
})
