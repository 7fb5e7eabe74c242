import { describe, expect, test } from 'vitest'
import { secretWebhooks } from '../../functions/adapters/secrets.ts'
import { type AwsCall, AwsError } from '../../functions/adapters/signed-aws.ts'
import type { WebhookRead } from '../../functions/notify/ports.ts'

const URL_OF = 'https://hooks.slack.com/services/T/B/x'

/** A Secrets Manager that holds one secret, counts who asks, and has a clock. */
function holding(value: { current: string | AwsError }) {
  let asked = 0
  const time = { now: 0 }
  const aws: AwsCall = async () => {
    asked += 1
    if (value.current instanceof AwsError) throw value.current
    return { SecretString: value.current }
  }
  const webhooks = secretWebhooks(aws, new Map([['security', 'slack/security']]), () => time.now)
  return { webhooks, time, asked: () => asked }
}

const urlOf = (read: WebhookRead): string => ('webhook' in read ? read.webhook.reveal() : read.problem)

describe('the webhook of a channel', () => {
  test('is asked for before anybody needs it, and once', async () => {
    const { webhooks, asked } = holding({ current: URL_OF })
    expect(asked()).toBe(1)
    await Promise.all([webhooks.read('security'), webhooks.read('security')])
    expect(asked()).toBe(1)
  })

  test.each([URL_OF, ` ${URL_OF}\n`, `{"url":"${URL_OF}"}`, `{"url":"${URL_OF} ","note":"x"}`])(
    'is read from %j',
    async (value) => {
      expect(urlOf(await holding({ current: value }).webhooks.read('security'))).toBe(URL_OF)
    },
  )

  test.each(['', 'word', '{}', 'null', '[]', '{"url":7}', '{"url":"word"}'])('is not found in %j', async (value) => {
    const read = await holding({ current: value }).webhooks.read('security')
    expect(read).toEqual({ problem: 'secret slack/security holds neither a URL nor {"url": "…"}', permanent: true })
  })

  test('is asked for again after fifteen minutes, or when told to', async () => {
    const value = { current: URL_OF }
    const { webhooks, time } = holding(value)
    await webhooks.read('security')
    value.current = `${URL_OF}/2`
    time.now = 15 * 60_000 - 1
    expect(urlOf(await webhooks.read('security'))).toBe(URL_OF)
    expect(urlOf(await webhooks.read('security', true))).toBe(`${URL_OF}/2`)
    value.current = `${URL_OF}/3`
    time.now += 15 * 60_000
    expect(urlOf(await webhooks.read('security'))).toBe(`${URL_OF}/3`)
  })

  test('that could not be read is asked for the next time', async () => {
    const value: { current: string | AwsError } = { current: new AwsError('InternalServiceError', true) }
    const { webhooks } = holding(value)
    expect(await webhooks.read('security')).toEqual({
      ...{ problem: 'secret slack/security could not be read: InternalServiceError', permanent: false },
    })
    value.current = URL_OF
    expect(urlOf(await webhooks.read('security'))).toBe(URL_OF)
  })

  test('that is not there for good is told as such', async () => {
    const { webhooks } = holding({ current: new AwsError('ResourceNotFoundException', false) })
    expect(await webhooks.read('security')).toMatchObject({ permanent: true })
    expect(await webhooks.read('other')).toEqual({ problem: 'no channel other in the configuration', permanent: true })
  })
})
