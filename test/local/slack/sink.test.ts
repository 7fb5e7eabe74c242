import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Received, type SlackSink, startSlackSink } from '../../../local/slack/sink.ts'

let sink: SlackSink

beforeAll(async () => {
  sink = await startSlackSink({ clock: { now: () => 1_800_000_000_000 } })
})

afterAll(() => sink.close())

async function post(url: string, body: string): Promise<[number, string]> {
  const response = await fetch(url, { method: 'POST', body })
  return [response.status, await response.text()]
}

describe('the sink', () => {
  test('answers ok, and keeps what it was sent, with the instant of its clock', async () => {
    expect(await post(sink.webhook('security'), '{"text":"hello"}')).toEqual([200, 'ok'])
    expect(sink.received().at(-1)).toEqual({
      ...{ at: 1_800_000_000_000, channel: 'security', payload: { text: 'hello' } },
      ...{ status: 200, answer: 'ok', faults: [] },
    })
  })

  test('gives each channel one webhook of its own, with a token that nobody guesses', () => {
    expect(sink.webhook('security')).toBe(sink.webhook('security'))
    expect(sink.webhook('security')).not.toBe(sink.webhook('team'))
    expect(sink.webhook('security')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/services\/T\w+\/B\w+\/\w{24}$/)
  })

  test('knows no other webhook', async () => {
    expect(await post(`${sink.url}/services/T/B/x`, '{"text":"x"}')).toEqual([404, 'no_service'])
  })

  test('refuses what is no JSON, and calls its listeners about it', async () => {
    const heard: Received[] = []
    const stop = sink.onMessage((message) => heard.push(message))
    expect(await post(sink.webhook('security'), 'hello')).toEqual([400, 'invalid_payload'])
    stop()
    await post(sink.webhook('security'), '{"text":"later"}')
    expect(heard).toEqual([expect.objectContaining({ status: 400, faults: ['not a JSON object'] })])
  })

  test('answers what it was told to, as often as it was told to', async () => {
    sink.respondWith('team', { status: 429, body: 'rate_limited', headers: { 'Retry-After': '3' } }, 2)
    const response = await fetch(sink.webhook('team'), { method: 'POST', body: '{"text":"x"}' })
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '3'])
    expect(await post(sink.webhook('team'), '{"text":"x"}')).toEqual([429, 'rate_limited'])
    expect(await post(sink.webhook('team'), '{"text":"x"}')).toEqual([200, 'ok'])
  })

  test('says so when its port is taken', async () => {
    await expect(startSlackSink({ port: Number(new URL(sink.url).port) })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })
})

describe('its page', () => {
  test('lets nothing run or load that is not its own', async () => {
    const response = await fetch(`${sink.url}/`)
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'")
    expect(await response.text()).toContain('<script type="module" src="/page.js">')
  })

  test('is for 127.0.0.1 alone, whatever name leads there', async () => {
    const { request } = await import('node:http')
    const status = await new Promise((resolve) => {
      request(sink.url, { headers: { host: 'evil.example' } }, (response) => resolve(response.statusCode)).end()
    })
    expect(status).toBe(403)
  })

  test('has nothing elsewhere', async () => {
    expect((await fetch(`${sink.url}/constructor`)).status).toBe(404)
    expect((await fetch(`${sink.url}/report`)).status).toBe(404)
  })
})

test('the report of a sweep is beside the messages, and says itself what it may load', async () => {
  const sink = await startSlackSink({ report: () => '<!doctype html><title>Sweep</title>' })
  try {
    const answer = await fetch(`${sink.url}/report`)
    expect([answer.status, answer.headers.get('content-security-policy')]).toEqual([200, "frame-ancestors 'none'"])
    expect(await answer.text()).toContain('<title>Sweep</title>')
  } finally {
    await sink.close()
  }
})
