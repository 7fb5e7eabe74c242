import { show } from '../../config/fault.ts'
import { isRepositoryName } from '../../functions/domain/new-repository/name.ts'
import { CommandError } from '../command-error.ts'

/** What an argument of `check` names. Account and region only where it is a URI. */
export type Target = { readonly account?: string; readonly region?: string } & (
  | { readonly kind: 'pattern'; readonly pattern: string }
  | { readonly kind: 'repository'; readonly repository: string }
  | { readonly kind: 'image'; readonly repository: string; readonly tag?: string; readonly digest?: string }
)

/** Hosts of private registries, also of both IP versions and of FIPS. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html */
const URI =
  /^(?:https:\/\/)?(?<account>\d{12})\.dkr[.-]ecr(?:-fips)?\.(?<region>[a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws|on\.amazonwebservices\.com\.cn)\/(?<rest>.+)$/
const PATTERN = /^(?=.{1,256}$)[a-z0-9._*-]+(?:\/[a-z0-9._*-]+)*$/
const TAG = /^\w[\w.-]{0,127}$/
const DIGEST = /^sha256:[0-9a-f]{64}$/

const wrong = (text: string, what: string): CommandError =>
  new CommandError(
    'usage',
    `${show(text, 100)} ${what}.`,
    'Expected REPOSITORY, REPOSITORY:TAG, REPOSITORY@sha256:…, a pattern such as "prod/**", or the URI of an image.',
  )

function named(rest: string, text: string): Target {
  const [, repository = '', tag, digest] = /^([^:@]+)(?::([^@]*))?(?:@(.*))?$/.exec(rest) ?? []
  if (repository.includes('*')) {
    if (tag !== undefined || digest !== undefined)
      throw wrong(text, 'has a pattern and a tag: --images judges every tagged image of the repositories')
    if (!PATTERN.test(repository)) throw wrong(text, 'is no pattern of repositories')
    return { kind: 'pattern', pattern: repository }
  }
  if (!isRepositoryName(repository)) throw wrong(text, 'is no name of a repository')
  if (tag !== undefined && !TAG.test(tag)) throw wrong(text, 'has no valid tag')
  if (digest !== undefined && !DIGEST.test(digest))
    throw wrong(text, 'has no valid digest: sha256: and 64 hexadecimal digits')
  if (tag === undefined && digest === undefined) return { kind: 'repository', repository }
  return { kind: 'image', repository, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) }
}

/**
 * Reads an argument of `check`. Of a tag and a digest, the digest says which image.
 * @throws {CommandError}
 */
export function targetOf(text: string): Target {
  const { account, region, rest } = URI.exec(text)?.groups ?? {}
  return { ...(account && region && { account, region }), ...named(rest ?? text, text) }
}
