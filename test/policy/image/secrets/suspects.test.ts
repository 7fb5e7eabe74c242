import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { suspectsOf, type Texts } from '../../../../functions/policy/image/secrets/suspects.ts'

const suspects = (texts: Partial<Texts>) => suspectsOf({ env: [], labels: {}, history: [], ...texts })

const letters = (length: number) => 'aB3dE5fG7h'.repeat(Math.ceil(length / 10)).slice(0, length)
/** Put together here, so that no scanner takes this file for a leak. */
const GITHUB = `ghp_${letters(36)}`
const AWS_ID = `AKIA${letters(16).toUpperCase()}`
const AWS_KEY = letters(40)
const JWT = `eyJ${letters(20)}.eyJ${letters(40)}.${letters(43)}`
const PRIVATE_KEY = `-----BEGIN RSA PRIVATE KEY-----\n${letters(64)}`
const SLACK = `xoxb-${letters(12)}-${letters(12)}`

const where = (found: Awaited<ReturnType<typeof suspects>>) => found.map((one) => `${one.where}: ${one.what}`)

describe('what looks like a secret', () => {
  test.each<[string, Partial<Texts>, readonly string[]]>([
    ['nothing', { env: ['PATH=/usr/bin', 'GPG_KEY=E3FF2839C048B25C084DEBE9B26995E310250568'] }, []],
    [
      'a name with a literal value',
      { env: ['A=1', 'DB_PASSWORD=hunter2'] },
      ['ENV DB_PASSWORD: a name that says password'],
    ],
    ['a name with a file', { env: ['DB_PASSWORD_FILE=/run/secrets/db', 'DB_PASSWORD='] }, []],
    ['a value by its form', { env: [`X=${GITHUB}`] }, ['ENV X: a GitHub token']],
    [
      'a value by its form, though its name says it too',
      { env: [`NPM_TOKEN=${GITHUB}`] },
      ['ENV NPM_TOKEN: a GitHub token'],
    ],
    ['an access key id of AWS', { env: [`X=${AWS_ID}`] }, ['ENV X: an AWS access key id']],
    ['the access key id of the documentation', { env: ['X=AKIAIOSFODNN7EXAMPLE'] }, []],
    [
      'a secret access key',
      { env: [`AWS_SECRET_ACCESS_KEY=${AWS_KEY}`] },
      ['ENV AWS_SECRET_ACCESS_KEY: an AWS secret access key'],
    ],
    ['an account id of AWS, which is none', { env: ['AWS_ACCOUNT_ID=123456789012'] }, []],
    ['a private key', { env: [`X=${PRIVATE_KEY}`] }, ['ENV X: a private key']],
    ['a web token', { labels: { jwt: JWT } }, ['label jwt: a JSON web token']],
    [
      'a bearer token',
      { history: [`RUN curl -H "Authorization: Bearer ${letters(30)}"`] },
      ['history 1: a bearer token'],
    ],
    [
      'a URL with a password',
      { history: ['a', 'RUN git clone https://ci:s3cretw0rd@git.example.com/x'] },
      ['history 2: a URL with a password'],
    ],
    [
      'a label by its name',
      { labels: { 'com.example.api-key': 'k1' } },
      ['label com.example.api-key: a name that says key'],
    ],
    ['an argument of the build', { history: ['ARG TOKEN=abc'] }, ['history 1: a name that says token']],
    [
      'an argument that a command was given',
      { history: ['|1 NPM_TOKEN=abc /bin/sh -c npm ci'] },
      ['history 1: a name that says token'],
    ],
    ['an argument without a value', { history: ['ARG TOKEN', 'ARG TOKEN=', 'RUN TOKEN=$X make'] }, []],
    ['two things in one', { env: [`X=${AWS_ID} ${SLACK}`] }, ['ENV X: an AWS access key id', 'ENV X: a Slack token']],
    [
      'a comment that would switch the search off',
      { env: ['A=secretlint-disable', `X=${GITHUB}`] },
      ['ENV X: a GitHub token'],
    ],
    ['a variable without a value', { env: [GITHUB] }, ['ENV 1: a GitHub token']],
    [
      'a name that is the secret',
      { env: [`${GITHUB}=1`], labels: { [GITHUB]: '' } },
      ['ENV 1: a GitHub token', 'label 1: a GitHub token'],
    ],
    ['a name that cannot be one', { env: ['a b PASSWORD=x'] }, ['ENV 1: a name that says password']],
    [
      'a variable and the line of the history that sets it',
      { env: ['DB_PASSWORD=x'], history: ['/bin/sh -c #(nop)  ENV DB_PASSWORD=x', 'ENV A=1 OLD_TOKEN=y'] },
      ['ENV DB_PASSWORD: a name that says password', 'history 2: a name that says token'],
    ],
    ['two texts that are one only together', { env: ['A=aws_secret_access_key', `=${AWS_KEY}`] }, []],
  ])('%s', async (_, texts, expected) => {
    expect(where(await suspects(texts))).toEqual(expected)
  })

  test('has the name that says it, so that it can be allowed', async () => {
    expect(await suspects({ env: ['A_TOKEN=x'], history: ['|2 B_TOKEN=x C_TOKEN=y make'] })).toMatchObject([
      { where: 'ENV A_TOKEN', name: 'A_TOKEN' },
      { where: 'history 1', name: 'B_TOKEN' },
      { where: 'history 1', name: 'C_TOKEN' },
    ])
    expect((await suspects({ history: [`ARG A_TOKEN=${GITHUB}`] }))[0]?.name).toBeUndefined()
  })

  test('is never told itself, wherever it stands', async () => {
    const secret = fc.constantFrom(GITHUB, AWS_ID, JWT, SLACK)
    const noise = fc.string({ unit: 'grapheme-ascii', maxLength: 20 })
    const placed = fc.tuple(noise, secret, noise).map((parts) => parts.join(' '))
    await fc.assert(
      fc.asyncProperty(placed, placed, placed, placed, async (name, value, label, command) => {
        const found = await suspects({
          env: [`${name}=${value}`, value],
          labels: { [name]: label },
          history: [command],
        })
        const text = JSON.stringify(found)
        for (const one of [GITHUB, AWS_ID, JWT, SLACK]) expect(text).not.toContain(one)
        expect(found.length).toBeGreaterThanOrEqual(4)
      }),
      { numRuns: 200 },
    )
  })

  test.each([
    ['texts without end', { env: ['a'.repeat(2_100_000)] }, 'more text than is looked through for secrets'],
    ['texts without number', { env: Array(10_001).fill('A=1') }, 'more than 10000 variables, labels and steps'],
  ])('is not looked for in %s', async (_, texts, message) => {
    await expect(suspects(texts)).rejects.toThrow(message)
  })

  // Takes minutes where an expression goes back and forth: the time that a test may take ends it.
  test.each([
    'xoxb-',
    'eyJ',
    '-eyJ',
    'eyJaaaaaaaa.',
    'Bearer ',
    '-----BEGIN ',
    'AKIA',
    'https://a:b@',
    'mysql://a:',
    'x',
    ' ',
    '/',
    'a=',
    '_authToken=',
    "'",
    'sk-ant-api03-',
  ])('is looked for in two megabytes of %j', async (part) => {
    const history = [part.repeat(Math.floor(2_000_000 / part.length))]
    expect(Array.isArray(await suspects({ history }))).toBe(true)
  })
})
