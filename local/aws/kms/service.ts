import { constants, sign } from 'node:crypto'
import type * as client from '@aws-sdk/client-kms'
import { AwsError } from '../error.ts'
import { sdkService } from '../sdk-service.ts'
import type { Handler, Requirement, Service, Surroundings } from '../service.ts'
import type { Key, Keys } from './keys.ts'

const ECDSA: Readonly<Partial<Record<client.KeySpec, client.SigningAlgorithmSpec>>> = {
  ECC_NIST_P256: 'ECDSA_SHA_256',
  ECC_NIST_P384: 'ECDSA_SHA_384',
  ECC_NIST_P521: 'ECDSA_SHA_512',
}

const RSA: readonly client.SigningAlgorithmSpec[] = [
  ...(['RSASSA_PKCS1_V1_5_SHA_256', 'RSASSA_PKCS1_V1_5_SHA_384', 'RSASSA_PKCS1_V1_5_SHA_512'] as const),
  ...(['RSASSA_PSS_SHA_256', 'RSASSA_PSS_SHA_384', 'RSASSA_PSS_SHA_512'] as const),
]

/** @see https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html */
function signingAlgorithms({ spec, usage }: Key): readonly client.SigningAlgorithmSpec[] | undefined {
  if (usage !== 'SIGN_VERIFY') return undefined
  const ecdsa = ECDSA[spec]
  return ecdsa === undefined ? RSA : [ecdsa]
}

const encryptionAlgorithms = ({ spec, usage }: Key): readonly client.EncryptionAlgorithmSpec[] | undefined => {
  if (usage !== 'ENCRYPT_DECRYPT') return undefined
  return spec.startsWith('RSA') ? ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'] : ['SYMMETRIC_DEFAULT']
}

const metadataOf = (key: Key, account: string) => ({
  AWSAccountId: account,
  KeyId: key.id,
  Arn: key.arn,
  CreationDate: key.createdAt,
  Enabled: key.isEnabled,
  Description: key.description,
  KeyUsage: key.usage,
  KeyState: key.isEnabled ? 'Enabled' : 'Disabled',
  Origin: 'AWS_KMS',
  KeyManager: 'CUSTOMER',
  CustomerMasterKeySpec: key.spec,
  KeySpec: key.spec,
  EncryptionAlgorithms: encryptionAlgorithms(key),
  SigningAlgorithms: signingAlgorithms(key),
  MultiRegion: false,
})

const accountIn = (arn: string): string => arn.split(':')[4] ?? ''

/** @throws AwsError NotFoundException, AccessDeniedException, DisabledException */
function usable(keys: Keys, keyId: string, account: string, action: string): Key {
  const key = keys.need(keyId)
  if (accountIn(key.arn) !== account && !key.sharedWith.includes(account))
    throw new AwsError(
      'AccessDeniedException',
      `User: arn:aws:iam::${account}:root is not authorized to perform: ${action} on resource: ${key.arn} because no resource-based policy allows the ${action} action`,
    )
  if (!key.isEnabled) throw new AwsError('DisabledException', `${key.arn} is disabled.`)
  return key
}

function publicKeyOf(key: Key): client.GetPublicKeyResponse {
  if (!key.publicKey)
    throw new AwsError('UnsupportedOperationException', `${key.arn} is a symmetric key: it has no public key.`)
  return {
    KeyId: key.arn,
    PublicKey: key.publicKey.export({ type: 'spki', format: 'der' }),
    CustomerMasterKeySpec: key.spec as client.CustomerMasterKeySpec,
    KeySpec: key.spec,
    KeyUsage: key.usage,
    SigningAlgorithms: signingAlgorithms(key)?.slice(),
    EncryptionAlgorithms: encryptionAlgorithms(key)?.slice(),
  }
}

const wrongUsage = (message: string): AwsError => new AwsError('InvalidKeyUsageException', message)

/**
 * Signs a message. A digest cannot be signed here, because Node signs none that it has not made.
 * @throws AwsError InvalidKeyUsageException, UnsupportedOperationException
 */
function signed(key: Key, { Message = new Uint8Array(), MessageType, SigningAlgorithm }: client.SignRequest) {
  if (key.usage !== 'SIGN_VERIFY') throw wrongUsage(`${key.arn} key usage is ${key.usage} which is not valid for Sign.`)
  const algorithm = SigningAlgorithm ?? 'ECDSA_SHA_256'
  if (!signingAlgorithms(key)?.includes(algorithm))
    throw wrongUsage(`Algorithm ${algorithm} is incompatible with key spec ${key.spec}.`)
  if (MessageType !== undefined && MessageType !== 'RAW')
    throw new AwsError('UnsupportedOperationException', 'The local AWS signs messages alone: give MessageType RAW.')
  if (!key.privateKey)
    throw new AwsError('UnsupportedOperationException', `The local AWS has only the public half of ${key.arn}.`)
  const padding = algorithm.startsWith('RSASSA_PSS') ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING
  const saltLength = constants.RSA_PSS_SALTLEN_DIGEST
  const hash = `sha${algorithm.slice(-3)}`
  const Signature = sign(hash, Message, { key: key.privateKey, padding, saltLength })
  return { KeyId: key.arn, Signature, SigningAlgorithm: algorithm }
}

/** Message of at most 4,096 bytes. @throws AwsError ValidationException */
function checkMessage({ Message }: Record<string, unknown>): void {
  const length = Message instanceof Uint8Array ? Message.length : 1
  if (length >= 1 && length <= 4_096) return
  const bound = length === 0 ? 'greater than or equal to 1' : 'less than or equal to 4096'
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value at 'message' failed to satisfy constraint: Member must have length ${bound}`,
  )
}

function handlersOf(keys: Keys, { account }: Surroundings): Record<string, Handler> {
  const setEnabled =
    (isEnabled: boolean) =>
    ({ KeyId = '' }: { KeyId?: string }) => {
      keys.need(KeyId).isEnabled = isEnabled
      return {}
    }
  return {
    CreateKey(input: client.CreateKeyRequest) {
      const {
        KeySpec: spec = 'SYMMETRIC_DEFAULT',
        KeyUsage: usage = 'ENCRYPT_DECRYPT',
        Description: description,
      } = input
      const key = keys.create({ spec, usage, ...(description !== undefined && { description }) })
      return { KeyMetadata: metadataOf(key, account) }
    },
    CreateAlias({ AliasName = '', TargetKeyId = '' }: client.CreateAliasRequest) {
      keys.alias(AliasName, TargetKeyId)
      return {}
    },
    DescribeKey({ KeyId = '' }: client.DescribeKeyRequest) {
      const key = keys.need(KeyId)
      return { KeyMetadata: metadataOf(key, accountIn(key.arn)) }
    },
    DisableKey: setEnabled(false),
    EnableKey: setEnabled(true),
    GetPublicKey: ({ KeyId = '' }: client.GetPublicKeyRequest) =>
      publicKeyOf(usable(keys, KeyId, account, 'kms:GetPublicKey')),
    Sign(input: client.SignRequest) {
      checkMessage({ ...input })
      return signed(usable(keys, input.KeyId ?? '', account, 'kms:Sign'), input)
    },
  }
}

/** What a call is about: the key itself, also where it is named by an alias. A key that is not there is asked for all the same. */
function requirementsOf(keys: Keys, operation: string, input: Record<string, unknown>): Requirement[] {
  const named = (name: unknown): string => {
    try {
      return keys.need(String(name)).arn
    } catch {
      return String(name).startsWith('arn:') ? String(name) : keys.arnOf(`key/${String(name)}`)
    }
  }
  const action = `kms:${operation}`
  if (operation === 'CreateAlias')
    return [keys.arnOf(String(input.AliasName)), named(input.TargetKeyId)].map((resource) => ({ action, resource }))
  return [{ action, resource: input.KeyId === undefined ? '*' : named(input.KeyId) }]
}

/**
 * What signing asks of KMS: nothing is encrypted here, and no grant or policy of a key is read.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_GetPublicKey.html
 */
export const kmsService = (keys: Keys, around: Surroundings): Service =>
  sdkService({
    name: 'kms',
    protocol: 'json',
    target: 'TrentService',
    client: '@aws-sdk/client-kms',
    handlers: handlersOf(keys, around),
    requires: (operation, input) => requirementsOf(keys, operation, input),
  })
