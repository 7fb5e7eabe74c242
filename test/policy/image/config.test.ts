import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readConfig } from '../../../functions/policy/image/config.ts'
import { configuration, type Stored, stored } from './manifests.ts'

const read = ({ text, digest }: Stored) => readConfig(Buffer.from(text), digest)
const readConfigOf = async (config: Readonly<Record<string, unknown>>) => (await read(configuration({ config }))).config

describe('the configuration of an image', () => {
  test('has what rules ask for', async () => {
    const config = {
      User: '1000:1000',
      Env: ['PATH=/usr/bin'],
      Labels: { 'org.opencontainers.image.source': 'https://example.com' },
      Healthcheck: { Test: ['CMD', 'true'] },
    }
    expect(await read(configuration({ architecture: 'arm64', variant: 'v8', config }))).toEqual({
      platform: 'linux/arm64',
      config: {
        user: '1000:1000',
        labels: config.Labels,
        hasHealthcheck: true,
        suspects: [],
        created: '2026-11-20T08:50:00.000Z',
      },
    })
  })

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['nothing in it', {}],
    ['null in it', { User: null, Env: null, Labels: null, Healthcheck: null }],
  ])('may hold %s', async (_, config) => {
    const expected = { user: '', labels: {}, hasHealthcheck: false, suspects: [], created: undefined }
    expect((await read(configuration({ config, created: undefined }))).config).toEqual(expected)
  })

  test.each([
    [['NONE'], false],
    [[], false],
    [['CMD-SHELL', 'curl localhost'], true],
  ])('with the health check %j', async (Test, has) => {
    expect((await readConfigOf({ Healthcheck: { Test } })).hasHealthcheck).toBe(has)
  })

  test('is read in any case of its fields, as runtimes read it', async () => {
    expect(await readConfigOf({ user: 'root' })).toMatchObject({ user: 'root' })
    await expect(readConfigOf({ User: 'app', user: 'root' })).rejects.toThrow('its configuration says User twice')
  })

  test('was built at no time where that is none', async () => {
    expect((await read(configuration({ created: 'yesterday' }))).config.created).toBeUndefined()
  })

  test('keeps no more of a label than is asked for', async () => {
    const { labels } = await readConfigOf({ Labels: { long: 'x'.repeat(5_000), __proto__x: 'y' } })
    expect(labels.long).toHaveLength(1_024)
  })

  const secret = `ghp_${'a1'.repeat(18)}`
  test('leaves a label empty that looks like a secret, and leaves out one whose name does', async () => {
    const config = await readConfigOf({ Labels: { a: 'b', token: 'hunter2', [secret]: 'c', d: secret } })
    expect(config.labels).toEqual({ a: 'b', token: '', d: '' })
    expect(config.suspects.map(({ where }) => where)).toEqual(['label token', 'label 3', 'label d'])
  })

  test('has no label left that looks like a secret, though only the first hundred are told', async () => {
    const config = await readConfigOf({
      Labels: Object.fromEntries(Array.from({ length: 150 }, (_, n) => [`l${n}`, secret])),
    })
    expect(config.suspects).toHaveLength(100)
    expect(JSON.stringify(config)).not.toContain(secret)
  })

  const letters = (length: number) =>
    fc.string({ unit: fc.constantFrom(...'aB3dE5fG7hJ9'), minLength: length, maxLength: length })
  const secrets = fc.oneof(
    letters(36).map((text) => `ghp_${text}`),
    letters(16).map((text) => `AKIA${text.toUpperCase()}`),
    fc.tuple(letters(20), letters(40)).map(([head, body]) => `eyJ${head}.eyJ${body}.${head}`),
    letters(64).map((text) => `-----BEGIN PRIVATE KEY-----\n${text}`),
    letters(12).map((text) => `https://ci:${text}@git.example.com/x`),
  )
  const passwords = fc.tuple(fc.constantFrom('DB_PASSWORD', 'api-token', 'clientSecret', 'X_API_KEY'), letters(20))

  test('holds no secret when it has been read, wherever it was', async () => {
    await fc.assert(
      fc.asyncProperty(secrets, passwords, fc.string(), async (one, [name, password], noise) => {
        const config = {
          Env: [`A=${noise} ${one}`, `${one}=x`, one, `${name}=${password}`],
          Labels: { a: one, b: `${one} ${noise}`, [one]: 'c', [name]: password },
        }
        const history = [{ created_by: `RUN ${one}` }, { created_by: `|1 ${name}=${password} make`, comment: one }]
        const facts = JSON.stringify(await read(configuration({ config, history })))
        for (const secret of [one, JSON.stringify(one).slice(1, -1), password]) expect(facts).not.toContain(secret)
      }),
    )
  })

  test('looks for secrets in commands and their comments', async () => {
    const history = [{ created_by: 'ARG TOKEN=hunter2' }, { comment: secret }, {}]
    const { config } = await read(configuration({ history }))
    expect(config.suspects.map(({ where }) => where)).toEqual(['history 1', 'history 2'])
  })

  test.each([
    ['is another one', { text: configuration().text, digest: stored('').digest, size: 0 }, 'does not have its digest'],
    ['is no JSON', stored('<html>'), 'its configuration is not JSON'],
    ['is of more than 8 MiB', stored(' '.repeat(8_388_609)), 'its configuration has more than 8 MiB'],
    ['names no platform', stored({ os: 'linux' }), 'its configuration names a platform that is none'],
    ['names a user by a number', configuration({ config: { User: 0 } }), 'User of its configuration is not a text'],
    ['names a user without end', configuration({ config: { User: 'x'.repeat(257) } }), 'a user of more than 256'],
    ['sets numbers', configuration({ config: { Env: [1] } }), 'Env of its configuration is not a list of texts'],
    ['labels with numbers', configuration({ config: { Labels: { a: 1 } } }), 'Labels of its configuration are not all'],
    ['has a text as its history', configuration({ history: ['x'] }), 'history of its configuration is not a list of'],
    ['has a list in its place', configuration({ config: [] }), 'config of its configuration is not an object'],
  ])('that %s is not read', async (_, given, message) => {
    await expect(read(given)).rejects.toMatchObject({ name: 'Unreadable', message: expect.stringContaining(message) })
  })

  test('is read, or refused in words, whatever it holds', async () => {
    const config = fc.record(
      {
        User: fc.oneof(fc.string(), fc.jsonValue()),
        Env: fc.oneof(fc.array(fc.string()), fc.jsonValue()),
        Labels: fc.oneof(fc.dictionary(fc.string(), fc.string()), fc.jsonValue()),
        Healthcheck: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    await fc.assert(
      fc.asyncProperty(config, fc.jsonValue(), async (given, history) => {
        const outcome = await read(configuration({ config: given, history })).catch((error: unknown) => error)
        if (outcome instanceof Error) expect(outcome).toMatchObject({ name: 'Unreadable', permanent: true })
        else expect(outcome).toMatchObject({ platform: 'linux/amd64' })
      }),
    )
  })
})
