import { createPublicKey, verify } from 'node:crypto'
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  GetPublicKeyCommand,
  type KeySpec,
  KMSClient,
  SignCommand,
  type SigningAlgorithmSpec,
} from '@aws-sdk/client-kms'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { configOf, errorOf } from './clients.ts'
import { hasMoto, startMoto, withMoto } from './moto.ts'

const NO_KEY = '00000000-0000-4000-8000-000000000000'
const MESSAGE = Buffer.from('a payload')

const ALGORITHMS: readonly [KeySpec, SigningAlgorithmSpec, string][] = [
  ['ECC_NIST_P256', 'ECDSA_SHA_256', 'sha256'],
  ['ECC_NIST_P384', 'ECDSA_SHA_384', 'sha384'],
  ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_256', 'sha256'],
]

const newKey = async (kms: KMSClient, KeySpec: KeySpec): Promise<{ id: string; arn: string }> => {
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ KeySpec, KeyUsage: 'SIGN_VERIFY' }))
  return { id: KeyMetadata?.KeyId ?? '', arn: KeyMetadata?.Arn ?? '' }
}

/** What ours and another AWS have to answer alike. */
function sharedTests(kms: () => KMSClient): void {
  test.each(ALGORITHMS)('what %s signs with %s, its public key verifies', async (spec, SigningAlgorithm, hash) => {
    const { id } = await newKey(kms(), spec)
    const { PublicKey, KeyUsage, SigningAlgorithms } = await kms().send(new GetPublicKeyCommand({ KeyId: id }))
    const sign = new SignCommand({ KeyId: id, Message: MESSAGE, SigningAlgorithm })
    const { Signature } = await kms().send(sign)
    const key = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' })
    expect(verify(hash, MESSAGE, key, Buffer.from(Signature ?? []))).toBe(true)
    expect(verify(hash, Buffer.from('another'), key, Buffer.from(Signature ?? []))).toBe(false)
    expect({ KeyUsage, SigningAlgorithms }).toEqual({
      KeyUsage: 'SIGN_VERIFY',
      SigningAlgorithms: expect.arrayContaining([SigningAlgorithm]),
    })
  })

  test('a key is found by its id, its ARN, an alias and the ARN of the alias', async () => {
    const { id, arn } = await newKey(kms(), 'ECC_NIST_P256')
    await kms().send(new CreateAliasCommand({ AliasName: 'alias/release', TargetKeyId: id }))
    const names = [id, arn, 'alias/release', arn.replace(`key/${id}`, 'alias/release')]
    const keys = await Promise.all(names.map((KeyId) => kms().send(new GetPublicKeyCommand({ KeyId }))))
    const all = new Set(keys.map(({ PublicKey }) => Buffer.from(PublicKey ?? []).toString('base64')))
    expect(all.size).toBe(1)
  })

  test.each([NO_KEY, 'alias/none', 'not-an-id'])('there is no key %s', async (KeyId) => {
    expect(await errorOf(kms().send(new GetPublicKeyCommand({ KeyId })))).toMatchObject({
      ...{ name: 'NotFoundException', status: 400 },
    })
  })
}

describe('keys of the local AWS', () => {
  let aws: LocalAws
  const clients: KMSClient[] = []
  const client = (accessKeyId?: string, region?: string): KMSClient => {
    const made = new KMSClient(configOf(aws.url, region, accessKeyId))
    clients.push(made)
    return made
  }
  let kms: KMSClient
  beforeAll(async () => {
    aws = await startLocalAws()
    kms = client()
  })
  afterAll(async () => {
    for (const one of clients) one.destroy()
    await aws.close()
  })

  sharedTests(() => kms)

  test('it is told by its ARN, also where an alias names it', async () => {
    const arn = aws.kms.createKey({ alias: 'alias/told', spec: 'ECC_NIST_P384', description: 'of the release' })
    expect(await kms.send(new GetPublicKeyCommand({ KeyId: 'alias/told' }))).toMatchObject({
      ...{ KeyId: arn, KeySpec: 'ECC_NIST_P384', CustomerMasterKeySpec: 'ECC_NIST_P384' },
    })
    expect(await kms.send(new DescribeKeyCommand({ KeyId: 'alias/told' }))).toMatchObject({
      KeyMetadata: { Arn: arn, Enabled: true, KeyState: 'Enabled', Description: 'of the release' },
    })
  })

  test('a key that is disabled neither tells nor signs, until it is enabled again', async () => {
    const KeyId = aws.kms.createKey()
    await kms.send(new DisableKeyCommand({ KeyId }))
    const disabled = { name: 'DisabledException', message: `${KeyId} is disabled.` }
    expect(await errorOf(kms.send(new GetPublicKeyCommand({ KeyId })))).toMatchObject(disabled)
    const sign = new SignCommand({ KeyId, Message: MESSAGE, SigningAlgorithm: 'ECDSA_SHA_256' })
    expect(await errorOf(kms.send(sign))).toMatchObject(disabled)
    await kms.send(new EnableKeyCommand({ KeyId }))
    expect(await kms.send(sign)).toMatchObject({ KeyId })
  })

  test('a key made of its public half alone tells it, and signs nothing', async () => {
    const first = await kms.send(new GetPublicKeyCommand({ KeyId: aws.kms.createKey() }))
    const publicKey = createPublicKey({ key: Buffer.from(first.PublicKey ?? []), format: 'der', type: 'spki' })
    const KeyId = aws.kms.createKey({
      id: NO_KEY.replace(/0$/, '1'),
      publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    })
    expect(KeyId).toMatch(/:key\/00000000-0000-4000-8000-000000000001$/)
    const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId }))
    expect(Buffer.from(PublicKey ?? [])).toEqual(Buffer.from(first.PublicKey ?? []))
    const sign = new SignCommand({ KeyId, Message: MESSAGE, SigningAlgorithm: 'ECDSA_SHA_256' })
    expect(await errorOf(kms.send(sign))).toMatchObject({ name: 'UnsupportedOperationException' })
  })

  test.each([
    ['with another algorithm', { SigningAlgorithm: 'ECDSA_SHA_384' as const }, 'InvalidKeyUsageException'],
    ['a digest', { MessageType: 'DIGEST' as const }, 'UnsupportedOperationException'],
    ['nothing', { Message: Buffer.alloc(0) }, 'ValidationException'],
    ['more than 4,096 bytes', { Message: Buffer.alloc(4_097) }, 'ValidationException'],
  ])('%s is not signed', async (_, input, name) => {
    const KeyId = aws.kms.createKey()
    const sign = new SignCommand({ KeyId, Message: MESSAGE, SigningAlgorithm: 'ECDSA_SHA_256', ...input })
    expect(await errorOf(kms.send(sign))).toMatchObject({ name })
  })

  test('RSA signs with PSS, too, and the salt is as long as the hash', async () => {
    const KeyId = aws.kms.createKey({ spec: 'RSA_2048' })
    const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId }))
    const sign = new SignCommand({ KeyId, Message: MESSAGE, SigningAlgorithm: 'RSASSA_PSS_SHA_512' })
    const { Signature } = await kms.send(sign)
    const key = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' })
    const padded = { key, padding: 6, saltLength: 64 }
    expect(verify('sha512', MESSAGE, padded, Buffer.from(Signature ?? []))).toBe(true)
  })

  test('a key that encrypts tells its public half where it has one, and signs nothing', async () => {
    const [rsa, symmetric] = [
      aws.kms.createKey({ spec: 'RSA_2048', usage: 'ENCRYPT_DECRYPT' }),
      (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn,
    ]
    expect(await kms.send(new GetPublicKeyCommand({ KeyId: rsa }))).toMatchObject({
      ...{ KeyUsage: 'ENCRYPT_DECRYPT', EncryptionAlgorithms: ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'] },
    })
    expect(await errorOf(kms.send(new GetPublicKeyCommand({ KeyId: symmetric })))).toMatchObject({
      name: 'UnsupportedOperationException',
    })
    const sign = new SignCommand({ KeyId: rsa, Message: MESSAGE, SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256' })
    expect(await errorOf(kms.send(sign))).toMatchObject({ name: 'InvalidKeyUsageException' })
  })

  test.each(['ECC_SECG_P256K1', 'ML_DSA_65'] as const)('no key of %s is made here, and it says so', async (KeySpec) => {
    expect(await errorOf(kms.send(new CreateKeyCommand({ KeySpec, KeyUsage: 'SIGN_VERIFY' })))).toMatchObject({
      ...{ name: 'UnsupportedOperationException', message: `The local AWS makes no keys of ${KeySpec}.` },
    })
  })

  test('an alias is given once, and not as those of AWS are', async () => {
    const TargetKeyId = aws.kms.createKey({ alias: 'alias/once' })
    const alias = (AliasName: string) => kms.send(new CreateAliasCommand({ AliasName, TargetKeyId }))
    expect(await errorOf(alias('alias/once'))).toMatchObject({ name: 'AlreadyExistsException' })
    expect(await errorOf(alias('alias/aws/ecr'))).toMatchObject({ name: 'InvalidAliasNameException' })
  })

  test('each region and account has keys of its own; those of another account where they are shared', async () => {
    const arn = aws.kms.createKey({ sharedWith: ['210987654321'] })
    const get = (one: KMSClient, KeyId: string) => one.send(new GetPublicKeyCommand({ KeyId }))
    aws.principals.assume('AKIDMEMBER', 'Deployer', 'session', '210987654321')
    aws.principals.assume('AKIDOTHER', 'Deployer', 'session', '999999999999')
    expect(await get(client('AKIDMEMBER'), arn)).toMatchObject({ KeyId: arn })
    expect(await errorOf(get(client('AKIDOTHER'), arn))).toMatchObject({ name: 'AccessDeniedException' })
    const id = arn.split('/')[1] ?? ''
    expect(await errorOf(get(client('AKIDMEMBER'), id))).toMatchObject({ name: 'NotFoundException' })
    expect(await errorOf(get(client('AKIDTEST', 'eu-west-1'), arn))).toMatchObject({
      ...{ name: 'NotFoundException', message: 'Invalid arn ap-northeast-1' },
    })
  })

  test('IAM is asked for the key, whichever name it is called by', async () => {
    const arn = aws.kms.createKey({ alias: 'alias/asked' })
    const asked: string[] = []
    aws.authorize = ({ action, resource }) => {
      asked.push(`${action} ${resource}`)
      return { allowed: false, reason: '' }
    }
    const denied = { name: 'AccessDeniedException', status: 400 }
    expect(await errorOf(kms.send(new GetPublicKeyCommand({ KeyId: 'alias/asked' })))).toMatchObject(denied)
    expect(await errorOf(kms.send(new GetPublicKeyCommand({ KeyId: NO_KEY })))).toMatchObject(denied)
    delete aws.authorize
    const none = `arn:aws:kms:ap-northeast-1:123456789012:key/${NO_KEY}`
    expect(asked).toEqual([`kms:GetPublicKey ${arn}`, `kms:GetPublicKey ${none}`])
  })
})

describe.skipIf(!hasMoto)(withMoto('keys of moto'), () => {
  let moto: Awaited<ReturnType<typeof startMoto>>
  let kms: KMSClient
  beforeAll(async () => {
    moto = await startMoto()
    kms = new KMSClient(configOf(moto.url))
  }, 30_000)
  afterAll(async () => {
    kms.destroy()
    await moto.close()
  })

  sharedTests(() => kms)
})
