import { createHash, randomUUID } from 'node:crypto'
import * as client from '@aws-sdk/client-secrets-manager'
import { commonComplaints } from './complaints.ts'
import { AwsError } from './error.ts'
import { operationsOf } from './protocol/shape.ts'
import type { Handler, Service, Surroundings } from './service.ts'

type Version = { id: string; text?: string; binary?: Uint8Array; stages: string[]; createdAt: Date }

type Secret = {
  arn: string
  name: string
  description?: string
  tags: client.Tag[]
  createdAt: Date
  changedAt: Date
  deletedAt?: Date
  versions: Version[]
}

export type SecretsState = {
  /** Creates a secret, or gives an existing one its next value; returns its ARN. */
  put(name: string, value: string): string
  /** ARN by name or ARN; `undefined` when there is no such secret. */
  arnOf(nameOrArn: string): string | undefined
  names(): string[]
}

const NAME = /^[A-Za-z0-9/_+=.@-]{1,512}$/
const CURRENT = 'AWSCURRENT'
const PREVIOUS = 'AWSPREVIOUS'
const DAY = 24 * 60 * 60 * 1000

const notFound = (): AwsError =>
  new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.")

const at = (secret: Secret, stage: string): Version | undefined => secret.versions.find((v) => v.stages.includes(stage))

/** The six characters that AWS appends to an ARN; made from the name, so that two runs agree. */
const suffix = (name: string): string => createHash('sha256').update(name).digest('hex').slice(0, 6)

/** @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/Welcome.html */
export class Secrets implements SecretsState {
  readonly #secrets = new Map<string, Secret>()
  readonly #around: Surroundings

  constructor(around: Surroundings) {
    this.#around = around
  }

  put(name: string, value: string): string {
    if (!this.#secrets.has(name)) return this.create({ Name: name, SecretString: value }).arn
    this.add(this.need(name), { text: value })
    return this.need(name).arn
  }

  arnOf(nameOrArn: string): string | undefined {
    return this.#find(nameOrArn)?.arn
  }

  names(): string[] {
    return [...this.#secrets.keys()]
  }

  arnFor(name: string): string {
    const { region, account } = this.#around
    return `arn:aws:secretsmanager:${region}:${account}:secret:${name}-${suffix(name)}`
  }

  create(input: client.CreateSecretRequest): Secret {
    const name = input.Name ?? ''
    if (!NAME.test(name))
      throw new AwsError(
        'ValidationException',
        'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
      )
    if (this.#secrets.has(name))
      throw new AwsError('ResourceExistsException', `The operation failed because the secret ${name} already exists.`)
    const now = this.now()
    const { Description: description, Tags: tags = [] } = input
    const secret: Secret = {
      arn: this.arnFor(name),
      name,
      description,
      tags,
      createdAt: now,
      changedAt: now,
      versions: [],
    }
    this.#secrets.set(name, secret)
    if (input.SecretString !== undefined || input.SecretBinary !== undefined)
      this.add(secret, { id: input.ClientRequestToken, text: input.SecretString, binary: input.SecretBinary })
    return secret
  }

  /** Adds a version and moves the stages to it, AWSCURRENT unless others are given. */
  add(
    secret: Secret,
    { id = randomUUID(), text, binary, stages = [CURRENT] }: Partial<Omit<Version, 'createdAt'>>,
  ): Version {
    const current = at(secret, CURRENT)
    const moved = stages.includes(CURRENT) ? [...stages, PREVIOUS] : stages
    for (const version of secret.versions) version.stages = version.stages.filter((stage) => !moved.includes(stage))
    if (stages.includes(CURRENT)) current?.stages.push(PREVIOUS)
    const version = { id, text, binary, stages: [...stages], createdAt: this.now() }
    secret.versions.push(version)
    secret.changedAt = this.now()
    return version
  }

  delete(secret: Secret, days: number, force: boolean): Date {
    const date = new Date(this.#around.clock.now() + (force ? 0 : days * DAY))
    secret.deletedAt = this.now()
    if (force) this.#secrets.delete(secret.name)
    return date
  }

  /** @throws AwsError ResourceNotFoundException */
  need(nameOrArn: string): Secret {
    const secret = this.#find(nameOrArn)
    if (!secret) throw notFound()
    return secret
  }

  now(): Date {
    return new Date(this.#around.clock.now())
  }

  #find(nameOrArn: string): Secret | undefined {
    const partial = nameOrArn.startsWith('arn:') ? nameOrArn.split(':secret:')[1] : undefined
    if (partial === undefined) return this.#secrets.get(nameOrArn)
    return [...this.#secrets.values()].find(({ arn, name }) => arn === nameOrArn || name === partial)
  }
}

const live = (secret: Secret): Secret => {
  if (!secret.deletedAt) return secret
  throw new AwsError(
    'InvalidRequestException',
    "You can't perform this operation on the secret because it was marked for deletion.",
  )
}

function getValue(secrets: Secrets, { SecretId = '', VersionId, VersionStage }: client.GetSecretValueRequest) {
  const secret = live(secrets.need(SecretId))
  const stage = VersionStage ?? CURRENT
  const version = VersionId === undefined ? at(secret, stage) : secret.versions.find(({ id }) => id === VersionId)
  if (!version)
    throw new AwsError(
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret value for ${VersionId ? `VersionId: ${VersionId}` : `staging label: ${stage}`}`,
    )
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    SecretString: version.text,
    SecretBinary: version.binary,
    VersionStages: version.stages,
    CreatedDate: version.createdAt,
  }
}

const describe = (secret: Secret): client.DescribeSecretResponse => ({
  ARN: secret.arn,
  Name: secret.name,
  Description: secret.description,
  Tags: secret.tags,
  CreatedDate: secret.createdAt,
  LastChangedDate: secret.changedAt,
  DeletedDate: secret.deletedAt,
  VersionIdsToStages: Object.fromEntries(
    secret.versions.filter((v) => v.stages.length > 0).map((v) => [v.id, v.stages]),
  ),
})

const handlersOf = (secrets: Secrets): Record<string, Handler> => ({
  CreateSecret: (input: client.CreateSecretRequest) => {
    const { arn, name, versions } = secrets.create(input)
    return { ARN: arn, Name: name, VersionId: versions[0]?.id }
  },
  GetSecretValue: (input: client.GetSecretValueRequest) => getValue(secrets, input),
  PutSecretValue: (input: client.PutSecretValueRequest) => {
    const secret = live(secrets.need(input.SecretId ?? ''))
    const { ClientRequestToken: id, SecretString: text, SecretBinary: binary, VersionStages: stages } = input
    if (text === undefined && binary === undefined)
      throw new AwsError('InvalidParameterException', 'You must provide either SecretString or SecretBinary.')
    const version = secrets.add(secret, { id, text, binary, stages })
    return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: version.stages }
  },
  DescribeSecret: ({ SecretId = '' }: client.DescribeSecretRequest) => describe(secrets.need(SecretId)),
  DeleteSecret: (input: client.DeleteSecretRequest) => {
    const secret = live(secrets.need(input.SecretId ?? ''))
    const date = secrets.delete(secret, input.RecoveryWindowInDays ?? 30, input.ForceDeleteWithoutRecovery ?? false)
    return { ARN: secret.arn, Name: secret.name, DeletionDate: date }
  },
})

export function secretsService(secrets: Secrets): Service {
  return {
    name: 'secretsmanager',
    protocol: 'json',
    target: 'secretsmanager',
    jsonVersion: '1.1',
    errorNamespace: 'com.amazonaws.secretsmanager',
    xmlNamespace: '',
    operations: operationsOf(client),
    handlers: handlersOf(secrets),
    complaints: commonComplaints(),
    denied: { code: 'AccessDeniedException', status: 400 },
    requires: (operation, input) => {
      const id = input.SecretId ?? input.Name
      const resource = id === undefined ? '*' : (secrets.arnOf(String(id)) ?? secrets.arnFor(String(id)))
      return [{ action: `secretsmanager:${operation}`, resource }]
    },
  }
}
