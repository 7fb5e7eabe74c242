import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { securityHub } from '../../functions/adapters/security-hub.ts'
import { AwsError, signedRest } from '../../functions/adapters/signed-aws.ts'
import type { AsffFinding } from '../../functions/domain/sweep/asff.ts'
import { toAsff } from '../../functions/domain/sweep/security-hub.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { recordedVerdict, repositoryRecord } from '../domain/sweep/records.ts'
import { envOf } from './env.ts'

let aws: LocalAws
let before = 0
const hub = () => securityHub(signedRest(envOf(aws), 60_000))
const calls = () => aws.calls.slice(before).filter(({ service }) => service === 'securityhub')

/** Findings of so many rules, in the account of the local AWS unless told otherwise. */
const findings = (count: number, account = aws.account, change: Partial<AsffFinding> = {}): AsffFinding[] => {
  const verdicts = Array.from({ length: count }, (_, index) => recordedVerdict({ rule: `rule-${index}` }))
  const context = { account, region: aws.region, partition: 'aws', now: new Date('2026-11-27T21:03:00Z') }
  return toAsff(repositoryRecord({ verdicts }), { ...context, scanning: undefined, previous: [] }).map((finding) => ({
    ...finding,
    ...change,
  }))
}

beforeAll(async () => {
  aws = await startLocalAws()
})
beforeEach(() => {
  before = aws.calls.length
})
afterAll(() => aws.close())

describe('findings', () => {
  test('are there, a hundred a call', async () => {
    const all = findings(250)
    expect(await hub().import(all)).toEqual({ imported: all.map(({ Id }) => Id), failed: [] })
    expect(calls()).toHaveLength(3)
    expect(aws.securityHub.findings().size).toBe(250)
  })

  test('of many bytes are fewer a call', async () => {
    const big = 'x'.repeat(2_048)
    const fields = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`field ${index}`, big]))
    const all = findings(90, aws.account, { ProductFields: fields })
    expect(await hub().import(all)).toMatchObject({ imported: { length: 90 }, failed: [] })
    expect(calls()).toHaveLength(2)
  })

  test('that are none cost no call', async () => {
    expect(await hub().import([])).toEqual({ imported: [], failed: [] })
    expect(calls()).toEqual([])
  })
})

describe('a finding that is not taken', () => {
  test('is sent once more, alone', async () => {
    const [first, second] = findings(2)
    aws.securityHub.refuse(String(first?.Id), 1)
    expect(await hub().import(findings(2))).toEqual({ imported: [first?.Id, second?.Id], failed: [] })
    expect(calls()).toHaveLength(2)
    expect(calls()[1]?.input).toMatchObject({ Findings: { length: 1 } })
  })

  test('the second time is told, and keeps no other from its place', async () => {
    const [first, second] = findings(2)
    aws.securityHub.refuse(String(first?.Id), 2)
    expect(await hub().import(findings(2))).toEqual({
      imported: [second?.Id],
      failed: [{ id: first?.Id, code: 'InternalError', message: 'Told to refuse it.' }],
    })
  })

  test('since it is wrong is told with what Security Hub says', async () => {
    const [wrong] = findings(1, aws.account, { Title: 'x'.repeat(257) })
    expect(await hub().import(wrong ? [wrong] : [])).toMatchObject({
      failed: [{ code: 'InvalidInput', message: expect.stringContaining('Title') }],
    })
  })
})

describe('a Security Hub that takes nothing', () => {
  test('since it is not enabled is a word', async () => {
    aws.securityHub.setEnabled(false)
    expect(await hub().import(findings(1))).toEqual({
      ...{ imported: [], failed: [] },
      problem: 'Security Hub is not enabled in this account and region',
    })
    aws.securityHub.setEnabled(true)
  })

  test('since IAM does not allow it, or the findings are those of another account, is another', async () => {
    const denied = 'securityhub:BatchImportFindings is not allowed'
    expect(await hub().import(findings(1, '222222222222'))).toMatchObject({ problem: denied })
    aws.authorize = ({ action, resource }) => {
      expect([action, resource]).toEqual([
        'securityhub:BatchImportFindings',
        'arn:aws:securityhub:ap-northeast-1:123456789012:product/123456789012/default',
      ])
      return { allowed: false, reason: 'no' }
    }
    expect(await hub().import(findings(1))).toMatchObject({ problem: denied })
    delete aws.authorize
  })

  test('after it took some tells what it has', async () => {
    const all = findings(150)
    const answers = [{}, { __type: 'InternalException', message: '' }, { __type: 'Odd', Message: 'so it is' }]
    const rest = async () => {
      const answer = answers.shift()
      if (answer && '__type' in answer) throw new AwsError(String(answer.__type), false, answer)
      return {}
    }
    expect(await securityHub(rest).import(all)).toMatchObject({
      imported: { length: 100 },
      problem: 'Security Hub answered InternalException',
    })
    expect(await securityHub(rest).import(all)).toMatchObject({ problem: 'Security Hub answered Odd: so it is' })
  })

  test('a fault of our own is none of it', async () => {
    const broken = async () => {
      throw new TypeError('a bug')
    }
    await expect(securityHub(broken).import(findings(1))).rejects.toThrow('a bug')
  })

  test('and an answer without sense is a failure without words', async () => {
    const rest = async () => ({ FailedFindings: [{ Id: findings(1)[0]?.Id }] })
    expect(await securityHub(rest).import(findings(1))).toMatchObject({
      imported: [],
      failed: [{ code: '', message: '' }],
    })
  })
})
