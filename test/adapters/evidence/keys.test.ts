import { generateKeyPairSync } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ecrCall } from '../../../functions/adapters/ecr-call.ts'
import { attachments } from '../../../functions/adapters/evidence/attachments.ts'
import { kmsKeys } from '../../../functions/adapters/evidence/public-keys.ts'
import { signedAws } from '../../../functions/adapters/signed-aws.ts'

type Answer = { readonly status?: number; readonly body: unknown }
type Asked = { readonly target: unknown; readonly scope: string | undefined; readonly body: unknown }

const KEY = 'arn:aws:kms:us-east-1:123456789012:key/0987dcba-09fe-87dc-65ba-ab0987654321'
const PROFILE = 'arn:aws:signer:eu-west-1:123456789012:/signing-profiles/release'
const IMAGE = {
  ...{ account: '123456789012', region: 'eu-west-1', repository: 'prod/api', tags: [] },
  digest: `sha256:${'a'.repeat(64)}`,
}

let server: Server
let env: NodeJS.ProcessEnv
let answer: Answer
let asked: Asked[]

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const scope = /Credential=[^,]*?\/\d+\/([^,]+)\/aws4/.exec(request.headers.authorization ?? '')?.[1]
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString())
    asked.push({ target: request.headers['x-amz-target'], scope, body })
    response.writeHead(answer.status ?? 200).end(JSON.stringify(answer.body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  env = {
    ...{ AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y' },
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  }
})
beforeEach(() => {
  asked = []
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const reader = () => {
  const aws = signedAws(env)
  return attachments({ aws, call: ecrCall(aws, 'eu-west-1'), source: { region: 'eu-west-1' } })
}
const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const der = publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
const pem = publicKey.export({ format: 'pem', type: 'spki' }).toString()

test('the public half of a key of KMS is asked for where the key is, once in an hour', async () => {
  answer = { body: { KeyId: KEY, KeyUsage: 'SIGN_VERIFY', PublicKey: der } }
  let now = 0
  const read = kmsKeys(signedAws(env), () => now)
  expect(await Promise.all([read(KEY), read(KEY)])).toEqual([pem, pem])
  expect(asked).toEqual([{ target: 'TrentService.GetPublicKey', scope: 'us-east-1/kms', body: { KeyId: KEY } }])
  now = 60 * 60_000
  await read(KEY)
  expect(asked).toHaveLength(2)
})

test.each<[string, Answer, string, boolean]>([
  ['that encrypts', { body: { KeyUsage: 'ENCRYPT_DECRYPT', PublicKey: der } }, 'a key of KMS that does not sign', true],
  ['that is none', { body: { KeyUsage: 'SIGN_VERIFY', PublicKey: 'AAAA' } }, 'with no public key', true],
  ['that is missing', { body: { KeyUsage: 'SIGN_VERIFY' } }, 'with no public key', true],
  [
    'that is denied',
    { status: 400, body: { __type: 'AccessDeniedException' } },
    'AccessDeniedException to GetPublicKey',
    true,
  ],
  ['that is disabled', { status: 400, body: { __type: 'DisabledException' } }, 'DisabledException', true],
  ['that fails', { status: 500, body: { __type: 'KMSInternalException' } }, 'KMSInternalException', false],
])('a key %s is unreadable, and asked for again', async (_, wrong, why, permanent) => {
  answer = wrong
  const { publicKey: read } = reader()
  await expect(read(KEY)).rejects.toMatchObject({
    name: 'Unreadable',
    permanent,
    message: expect.stringContaining(why),
  })
  answer = { body: { KeyUsage: 'SIGN_VERIFY', PublicKey: der } }
  expect(await read(KEY)).toBe(pem)
})

test('ECR says of each profile how far signing came', async () => {
  const of = (status: string, more = {}) => ({ signingProfileArn: PROFILE, status, ...more })
  const failed = of('FAILED', { failureCode: 'AccessDenied', failureReason: 'no permission' })
  answer = { body: { signingStatuses: [of('COMPLETE'), of('IN_PROGRESS'), failed] } }
  expect(await reader().signingStatus(IMAGE)).toEqual([
    { profile: PROFILE, status: 'COMPLETE' },
    { profile: PROFILE, status: 'IN_PROGRESS' },
    { profile: PROFILE, status: 'FAILED', why: 'AccessDenied: no permission' },
  ])
  expect(asked).toEqual([
    {
      target: 'AmazonEC2ContainerRegistry_V20150921.DescribeImageSigningStatus',
      scope: 'eu-west-1/ecr',
      body: { registryId: IMAGE.account, repositoryName: 'prod/api', imageId: { imageDigest: IMAGE.digest } },
    },
  ])
})

test.each<[string, Answer]>([
  ['where no rule has it signed', { body: { signingStatuses: [] } }],
  ['where it says nothing', { body: { signingStatuses: null } }],
  ['where the registry signs nothing', { status: 400, body: { __type: 'SigningConfigurationNotFoundException' } }],
])('ECR signed nothing %s', async (_, said) => {
  answer = said
  expect(await reader().signingStatus(IMAGE)).toEqual([])
})

test.each<[string, Answer, string]>([
  [
    'a status of tomorrow',
    { body: { signingStatuses: [{ signingProfileArn: PROFILE, status: 'REVOKED' }] } },
    'what is not known here',
  ],
  ['no profile', { body: { signingStatuses: [{ status: 'COMPLETE' }] } }, 'what is not known here'],
  ['that it may not be asked', { status: 400, body: { __type: 'AccessDeniedException' } }, 'AccessDeniedException'],
])('what ECR signed is unread where it says %s', async (_, said, why) => {
  answer = said
  await expect(reader().signingStatus(IMAGE)).rejects.toMatchObject({
    name: 'Unreadable',
    message: expect.stringContaining(why),
  })
})
