import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dynamoSentState } from '../../functions/adapters/sent-state.ts'
import { signedAws } from '../../functions/adapters/signed-aws.ts'
import type { Claim, Claimed } from '../../functions/notify/ports.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { listen } from '../../local/slack/listen.ts'
import { createStateTable } from '../state-table.ts'

const ENV = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'local' }

let aws: LocalAws
let now = Date.parse('2026-11-24T00:00:00Z')
let state: ReturnType<typeof dynamoSentState>

beforeAll(async () => {
  aws = await startLocalAws()
  await createStateTable(aws, 'steward')
  const call = signedAws({ ...ENV, AWS_REGION: aws.region, AWS_ENDPOINT_URL: aws.url })
  state = dynamoSentState(call, 'steward', () => now)
})

afterAll(() => aws.close())

/** Stands before the AWS: what is asked first is done, but the answer never comes back. */
async function losingTheFirstAnswer(target: string) {
  let answers = 0
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const { authorization = '', 'x-amz-target': operation = '', 'x-amz-date': date = '' } = request.headers
    const headers = { authorization, 'x-amz-target': String(operation), 'x-amz-date': String(date) }
    const answer = await fetch(target, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/x-amz-json-1.0' },
      body,
    })
    answers += 1
    if (answers === 1) request.socket.destroy()
    else response.writeHead(answer.status).end(await answer.text())
  })
  const url = await listen(server, 0)
  return {
    url,
    answers: () => answers,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      }),
  }
}

const claimed = (claim: Claim): Claimed => {
  if (claim.state !== 'claimed') throw new Error(`expected a claim, got ${claim.state}`)
  return claim
}

describe('a claim', () => {
  test('is given once, and shut for good once it is marked', async () => {
    const claim = claimed(await state.claim('marked', 'security'))
    await claim.mark()
    now += 86_400_000
    expect(await state.claim('marked', 'security')).toEqual({ state: 'sent' })
  })

  test('is one channel’s: the others have their own', async () => {
    await claimed(await state.claim('shared', 'security')).mark()
    expect(await state.claim('shared', 'team')).toMatchObject({ state: 'claimed' })
  })

  test('of an invocation at work tells the next how long to wait', async () => {
    await state.claim('held', 'security')
    now += 10_000
    expect(await state.claim('held', 'security')).toEqual({ state: 'held', seconds: 30 })
  })

  test('of an invocation that crashed is free again after its lease, and only then', async () => {
    await state.claim('crashed', 'security')
    now += 40_000
    expect(await state.claim('crashed', 'security')).toMatchObject({ state: 'held' })
    now += 1
    expect(await state.claim('crashed', 'security')).toMatchObject({ state: 'claimed' })
  })

  test('that is given up is free at once', async () => {
    await claimed(await state.claim('released', 'security')).release('Slack refuses: no_service')
    expect(await state.claim('released', 'security')).toMatchObject({ state: 'claimed' })
  })

  test('that ran out does not end the one that followed', async () => {
    const late = claimed(await state.claim('late', 'security'))
    now += 41_000
    await claimed(await state.claim('late', 'security'))
    await late.release('too late')
    expect(await state.claim('late', 'security')).toMatchObject({ state: 'held' })
  })

  test('goes to one of many who ask at once', async () => {
    const claims = await Promise.all(Array.from({ length: 8 }, () => state.claim('race', 'security')))
    expect(claims.filter((claim) => claim.state === 'claimed')).toHaveLength(1)
  })

  test('that DynamoDB took while its answer got lost is still the one’s who asked', async () => {
    const lossy = await losingTheFirstAnswer(aws.url)
    const call = signedAws({ ...ENV, AWS_REGION: aws.region, AWS_ENDPOINT_URL: lossy.url })
    expect(await dynamoSentState(call, 'steward', () => now).claim('lost', 'security')).toMatchObject({
      state: 'claimed',
    })
    expect(lossy.answers()).toBe(2)
    await lossy.close()
  })

  test('on what DynamoDB should long have dropped is given', async () => {
    await claimed(await state.claim('old', 'security')).mark()
    now += 31 * 86_400_000
    expect(await state.claim('old', 'security')).toMatchObject({ state: 'claimed' })
  })

  test('that DynamoDB refuses for another reason fails with its word', async () => {
    aws.faults.inject({ service: 'dynamodb', error: { code: 'AccessDeniedException', status: 400 } })
    await expect(state.claim('denied', 'security')).rejects.toMatchObject({ code: 'AccessDeniedException' })
    const claim = claimed(await state.claim('denied', 'security'))
    aws.faults.inject({ service: 'dynamodb', error: { code: 'AccessDeniedException', status: 400 } })
    await expect(claim.mark()).rejects.toMatchObject({ code: 'AccessDeniedException' })
  })
})
