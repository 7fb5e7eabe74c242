import type { AwsCall } from '../../functions/adapters/signed-aws.ts'
import type { RegistryRef } from '../../functions/domain/facts/registry-facts.ts'
import { shortDigest } from '../../functions/domain/image.ts'
import { Unreadable } from '../../functions/faults.ts'

/** Somebody whom a function would call. */
export type Call = {
  /** `ecr:DescribeImages`, as IAM names the right to it; `slack:PostMessage` is none of AWS's. */
  readonly action: string
  /** Repository and image, key of the table, name of the secret or the channel. It comes from outside: escape where shown. */
  readonly subject: string
  /** Whether it was really made; otherwise it would be. */
  readonly made: boolean
}

/** Takes every call in the order in which it is asked for. */
export type Note = (call: Call) => void

type Fields = Readonly<{ [name: string]: unknown }>

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined

/** `@sha256:4a4a4a4a4a4a` or `:1.4.2` of the id of an image. */
function imageIn(id: unknown): string {
  const [digest, tag] = [textOf(field(id, 'imageDigest')), textOf(field(id, 'imageTag'))]
  if (digest !== undefined) return `@${shortDigest(digest)}`
  return tag === undefined ? '' : `:${tag}`
}

/** What a call of ECR is about: an image, a repository, or the registry of an account. */
export function subjectOf(input: Fields, { account }: RegistryRef): string {
  const { repositoryName, repositoryNames, resourceArn, imageId, imageIds } = input
  const arn = textOf(resourceArn)?.split(':repository/')[1]
  const repository = textOf(repositoryName) ?? (Array.isArray(repositoryNames) ? textOf(repositoryNames[0]) : arn)
  if (repository === undefined) return `the registry ${textOf(input.registryId) ?? account}`
  const ids = Array.isArray(imageIds) ? imageIds : [imageId]
  const more = ids.length > 1 ? ` and ${ids.length - 1} more` : ''
  return `${repository}${imageIn(ids[0])}${more}`
}

/** Why a value is not known in a replay that asks nobody. */
export const NOT_ASKED = 'no account is asked'

/** Calls of a registry that are recorded, and none of which is made. */
export const recorded =
  (note: Note, registry: RegistryRef): AwsCall =>
  async (service, operation, input) => {
    note({ action: `${service}:${operation}`, subject: subjectOf(input, registry), made: false })
    throw new Unreadable(NOT_ASKED, true, undefined)
  }

/** Operations that change nothing, as ECR names them. */
const READS = /^(?:BatchGet|Describe|Get|List)[A-Z]/

/** Calls of a registry that are recorded, and made where they read. */
export const readThrough =
  (note: Note, registry: RegistryRef, aws: AwsCall): AwsCall =>
  (service, operation, input) => {
    if (!READS.test(operation)) return recorded(note, registry)(service, operation, input)
    note({ action: `${service}:${operation}`, subject: subjectOf(input, registry), made: true })
    return aws(service, operation, input)
  }
