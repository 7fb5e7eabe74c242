import { describe, expect, test } from 'vitest'
import { nonRootUser } from '../../../functions/domain/rules/non-root-user.ts'
import { config, content, index, judge, judgeUnread, platform } from './facts.ts'

const judgeUser = (user: string | undefined) =>
  judge(nonRootUser, { content: content(platform({ config: config({ user }) })) })

describe('non-root-user', () => {
  test.each([
    ['app', 'pass'],
    ['1000', 'pass'],
    ['1000:0', 'pass'],
    ['app:root', 'pass'],
    ['10', 'pass'],
    ['rooty', 'pass'],
    [undefined, 'fail'],
    ['', 'fail'],
    [' ', 'fail'],
    [':1000', 'fail'],
    ['root', 'fail'],
    ['root:app', 'fail'],
    ['0', 'fail'],
    ['0:0', 'fail'],
    ['00', 'fail'],
    ['+0', 'fail'],
    ['-0:5', 'fail'],
  ])('USER %j: %s', (user, outcome) => {
    expect(judgeUser(user).outcome).toBe(outcome)
  })

  test('says why, and what to write', () => {
    expect(judgeUser(undefined)).toMatchObject({
      reason: 'It runs as root, since it names no user.',
      evidence: [{ name: 'USER', value: 'none' }],
      fix: { text: expect.stringContaining('USER 10001') },
    })
    expect(judgeUser('0:0')).toMatchObject({ reason: 'It runs as root.', evidence: [{ value: '0:0' }] })
  })

  test('names the platform of an index that runs as root', () => {
    expect(judge(nonRootUser, { content: index({}, { config: config({ user: 'root' }) }) })).toMatchObject({
      outcome: 'fail',
      reason: 'linux/arm64: It runs as root.',
    })
  })

  test('does not speak of Windows, nor of what is no image', () => {
    const windows = content(platform({ platform: 'windows/amd64', config: config({ user: '' }) }))
    expect(judge(nonRootUser, { content: windows }).outcome).toBe('not-applicable')
    expect(judge(nonRootUser, { content: { kind: 'artifact', what: 'a Helm chart' } })).toEqual({
      outcome: 'not-applicable',
      reason: 'It is a Helm chart, not an image.',
    })
  })

  test('is unknown where the configuration cannot be read', () => {
    expect(judgeUnread(nonRootUser, 'content').outcome).toBe('unknown')
  })
})
