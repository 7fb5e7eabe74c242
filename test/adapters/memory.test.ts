import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { dynamoMemory } from '../../functions/adapters/memory.ts'
import { signedAws } from '../../functions/adapters/signed-aws.ts'
import type { Told } from '../../functions/domain/triage.ts'
import { Later } from '../../functions/faults.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { createStateTable } from '../state-table.ts'
import { envOf } from './env.ts'

const TABLE = 'steward-state'

let aws: LocalAws
const memory = () => dynamoMemory<Told>(signedAws(envOf(aws)), TABLE, 60)

beforeAll(async () => {
  aws = await startLocalAws()
  await createStateTable(aws, TABLE)
})
beforeEach(() => aws.faults.clear())
afterAll(() => aws.close())

describe('what was told about an image', () => {
  test('is nothing before the first time, and afterwards what was marked', async () => {
    const first = await memory().claim('found#a')
    expect(first.told).toBeUndefined()
    await first.mark({ findings: { 'CVE-1|openssl': 'HIGH' } })
    const second = await memory().claim('found#a')
    expect(second.told).toEqual({ findings: { 'CVE-1|openssl': 'HIGH' } })
    await second.release()
    expect((await memory().claim('found#a')).told).toEqual({ findings: { 'CVE-1|openssl': 'HIGH' } })
  })

  test('is claimed by one at a time', async () => {
    const held = await memory().claim('found#b')
    await expect(memory().claim('found#b')).rejects.toThrow(new Later('another invocation is at work on it'))
    await held.release()
    await expect(memory().claim('found#b')).resolves.toBeDefined()
  })

  test('is claimed by exactly one of many at once', async () => {
    const claims = await Promise.allSettled(Array.from({ length: 20 }, () => memory().claim('found#c')))
    expect(claims.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('is not overwritten by one whose lease ran out', async () => {
    const late = await memory().claim('found#d')
    await late.release()
    const owner = await memory().claim('found#d')
    await late.mark({ counts: { HIGH: 1 } })
    await owner.mark({ counts: { CRITICAL: 2 } })
    expect((await memory().claim('found#d')).told).toEqual({ counts: { CRITICAL: 2 } })
  })

  test('is kept at once by one who goes on with the claim', async () => {
    const claim = await memory().claim('found#kept')
    await claim.keep({ counts: { HIGH: 1 } })
    await expect(memory().claim('found#kept')).rejects.toThrow('another invocation is at work on it')
    await claim.release()
    expect((await memory().claim('found#kept')).told).toEqual({ counts: { HIGH: 1 } })
  })

  test('is not kept by one whose claim has run out', async () => {
    const late = await memory().claim('found#late')
    await late.release()
    await memory().claim('found#late')
    await expect(late.keep({ counts: { HIGH: 1 } })).rejects.toThrow(Later)
  })

  test('has an end, unless it is for good: then also where a later claim comes to nothing', async () => {
    const call = signedAws(envOf(aws))
    const forGood = dynamoMemory<Told>(call, TABLE, 60, (told) => 'counts' in told)
    const expiry = async () => {
      const { Item } = await call('dynamodb', 'GetItem', { TableName: TABLE, Key: { pk: { S: 'told#found#good' } } })
      return (Item as { readonly expires?: object }).expires
    }
    await (await forGood.claim('found#good')).mark({ findings: {} })
    expect(await expiry()).toBeDefined()
    const going = await forGood.claim('found#good')
    await going.keep({ counts: { HIGH: 1 } })
    await going.release()
    expect(await expiry()).toBeUndefined()
    await (await forGood.claim('found#good')).release()
    expect(await expiry()).toBeUndefined()
  })

  test('holds thousands of findings', async () => {
    const findings = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, n) => [`CVE-2026-${n}|package-${n}`, 'HIGH' as const]),
    )
    const claim = await memory().claim('found#e')
    await claim.mark({ findings })
    expect((await memory().claim('found#e')).told).toEqual({ findings })
  })

  test('survives a throttle and an answer that got lost', async () => {
    aws.faults.inject({ service: 'dynamodb', times: 1, error: { code: 'ThrottlingException', status: 400 } })
    await expect(memory().claim('found#f')).resolves.toBeDefined()
  })

  test('goes up as an error when DynamoDB refuses', async () => {
    aws.faults.inject({ service: 'dynamodb', times: 1, error: { code: 'AccessDeniedException', status: 400 } })
    await expect(memory().claim('found#g')).rejects.toThrow('AccessDeniedException')
  })
})
