import { show } from '../../config/fault.ts'
import type { ImageName } from '../../functions/gate/ports.ts'
import { type Target, targetOf } from '../check/target.ts'
import { CommandError } from '../command-error.ts'

/** An image that is named by tag or digest; account and region only where it is a URI. */
export type ImageTarget = Pick<Target, 'account' | 'region'> & {
  readonly repository: string
  readonly name: ImageName
}

/** Looks like the address of a registry, and is none of a private one of ECR. */
const ELSEWHERE =
  /^(?:[\w.-]*\.(?:amazonaws|on)\.\w|public\.ecr\.aws\/|docker\.io\/|ghcr\.io\/|quay\.io\/|localhost[:/])/

/**
 * Reads an image as a person writes it.
 * @throws {CommandError} also where it names no image, or several
 */
export function imageTarget(text: string): ImageTarget {
  const target = targetOf(text)
  if (target.kind === 'image') {
    const { account, region, repository, tag = '', digest } = target
    if (ELSEWHERE.test(repository))
      throw new CommandError(
        'usage',
        `${show(text, 100)} is not in a private registry of ECR.`,
        'Expected REPOSITORY:TAG, or 123456789012.dkr.ecr.REGION.amazonaws.com/REPOSITORY:TAG with an account of 12 digits.',
      )
    return { account, region, repository, name: digest === undefined ? { tag } : { digest } }
  }
  throw new CommandError(
    'usage',
    `${show(text, 100)} names ${target.kind === 'pattern' ? 'a pattern of repositories' : 'a repository'}, not an image.`,
    'Add :TAG or @sha256:…; the digest that docker push printed is safest, since a tag may move.',
  )
}

const TAG = /^\w[\w.-]{0,127}$/
const DIGEST = /^sha256:[0-9a-f]{64}$/

/** A tag or a digest alone. @throws {CommandError} */
export function imageName(text: string): ImageName {
  if (DIGEST.test(text)) return { digest: text }
  if (TAG.test(text)) return { tag: text }
  throw new CommandError('usage', `${show(text, 100)} is neither a tag nor a digest.`, 'For example: --new-since 1.4.1')
}
