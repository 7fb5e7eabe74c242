import { createPublicKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import type * as client from '@aws-sdk/client-kms'
import { AwsError } from '../error.ts'
import type { Surroundings } from '../service.ts'

export type Key = {
  readonly id: string
  readonly arn: string
  readonly spec: client.KeySpec
  readonly usage: client.KeyUsageType
  readonly description: string
  readonly createdAt: Date
  /** Undefined of a symmetric key. */
  readonly publicKey: KeyObject | undefined
  /** Undefined where it is symmetric, or was made of its public half alone: nothing is signed by it then. */
  readonly privateKey: KeyObject | undefined
  /** Accounts that the policy of the key lets use it, beside its own. */
  readonly sharedWith: readonly string[]
  isEnabled: boolean
}

export type NewKey = {
  /** Otherwise one of P-256. */
  readonly spec?: client.KeySpec
  /** Otherwise to sign and to verify. */
  readonly usage?: client.KeyUsageType
  /** Otherwise one that is made up. */
  readonly id?: string
  /** `alias/release` */
  readonly alias?: string
  /** PEM of a key whose private half is nowhere: `spec` is to fit it. */
  readonly publicKey?: string
  readonly sharedWith?: readonly string[]
  readonly description?: string
}

export type KmsState = {
  /** @returns the ARN of the key */
  createKey(key?: NewKey): string
}

/** How keys of a specification are made; a symmetric one is not made at all, since nothing is encrypted here. */
const MAKERS: Readonly<Partial<Record<client.KeySpec, () => { publicKey: KeyObject; privateKey: KeyObject }>>> = {
  ECC_NIST_P256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ECC_NIST_P384: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  ECC_NIST_P521: () => generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  RSA_2048: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  RSA_3072: () => generateKeyPairSync('rsa', { modulusLength: 3072 }),
  RSA_4096: () => generateKeyPairSync('rsa', { modulusLength: 4096 }),
}

const HALVES = { publicKey: undefined, privateKey: undefined }

function halvesOf(spec: client.KeySpec, publicKey: string | undefined): Pick<Key, 'publicKey' | 'privateKey'> {
  if (publicKey !== undefined) return { ...HALVES, publicKey: createPublicKey(publicKey) }
  if (spec === 'SYMMETRIC_DEFAULT') return HALVES
  const make = MAKERS[spec]
  if (!make) throw new AwsError('UnsupportedOperationException', `The local AWS makes no keys of ${spec}.`)
  return make()
}

const notFound = (message: string): AwsError => new AwsError('NotFoundException', message)

const ID = /^(?:mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/
const ARN = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):(\d{12}):(?:key\/(.+)|(alias\/.+))$/

/** The keys of an account in a region. */
export class Keys implements KmsState {
  readonly #around: Surroundings
  readonly #ofAccount: (account: string) => Keys
  readonly #keys = new Map<string, Key>()
  readonly #aliases = new Map<string, string>()

  /** @param ofAccount the keys of another account in this region */
  constructor(around: Surroundings, ofAccount: (account: string) => Keys) {
    this.#around = around
    this.#ofAccount = ofAccount
  }

  createKey(key: NewKey = {}): string {
    return this.create(key).arn
  }

  create({ spec = 'ECC_NIST_P256', usage = 'SIGN_VERIFY', id = randomUUID(), ...more }: NewKey): Key {
    const { alias, publicKey, sharedWith = [], description = '' } = more
    const key: Key = {
      ...{ id, arn: this.arnOf(`key/${id}`), spec, usage, description, sharedWith, isEnabled: true },
      createdAt: new Date(this.#around.clock.now()),
      ...halvesOf(spec, publicKey),
    }
    this.#keys.set(id, key)
    if (alias !== undefined) this.alias(alias, id)
    return key
  }

  /** @throws AwsError InvalidAliasNameException, AlreadyExistsException, NotFoundException */
  alias(name: string, target: string): void {
    if (!/^alias\/[a-zA-Z0-9/_-]+$/.test(name) || name.startsWith('alias/aws/'))
      throw new AwsError('InvalidAliasNameException', `Alias ${name} is not a name that an alias may have.`)
    if (this.#aliases.has(name))
      throw new AwsError('AlreadyExistsException', `An alias with the name ${this.arnOf(name)} already exists`)
    this.#aliases.set(name, this.need(target).id)
  }

  /**
   * By id, ARN, alias, or ARN of an alias; of another account by ARN alone.
   * @throws AwsError NotFoundException
   */
  need(keyId: string): Key {
    const [, region, account = '', id, alias] = ARN.exec(keyId) ?? []
    if (region === undefined) return this.#own(keyId)
    if (region !== this.#around.region) throw notFound(`Invalid arn ${region}`)
    const keys = account === this.#around.account ? this : this.#ofAccount(account)
    return keys.#own(id ?? alias ?? '')
  }

  arnOf(resource: string): string {
    return `arn:aws:kms:${this.#around.region}:${this.#around.account}:${resource}`
  }

  #own(name: string): Key {
    const isAlias = name.startsWith('alias/')
    if (!isAlias && !ID.test(name)) throw notFound(`Invalid keyId '${name}'`)
    const key = this.#keys.get(isAlias ? (this.#aliases.get(name) ?? '') : name)
    if (key) return key
    throw notFound(
      isAlias ? `Alias ${this.arnOf(name)} is not found.` : `Key '${this.arnOf(`key/${name}`)}' does not exist`,
    )
  }
}
