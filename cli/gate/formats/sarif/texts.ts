import type { Agreed, GateResult } from '../../../../functions/domain/gate/result.ts'
import { visible } from '../../../../functions/domain/sweep/visible.ts'
import { agreedText } from '../../words.ts'

/**
 * A text from outside as SARIF's plain text, in which `[text](target)` is a link and `{0}` stands for an argument.
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html section 3.11
 */
export const plain = (text: string): string =>
  visible(text)
    .replaceAll('](', '] (')
    .replace(/\{(\d+)\}/g, '{{$1}}')

/** A text from outside that ends as a sentence does. */
export const sentence = (text: string): string => plain(text).replace(/(?<![.!?])$/, '.')

/** `prod/api:1.4.2@sha256:…`. */
export const imageName = ({ repository, tag, digest }: GateResult['image']): string =>
  plain(`${repository}${tag === undefined ? '' : `:${tag}`}@${digest}`)

/** `until 2027-01-31, team-a: TLS ends before this service (line 14 of steward.yaml)`. */
export const agreement = (exception: Agreed): string => plain(agreedText(exception))

/** An address that begins with https, as URIs are written; nothing else is linked. */
export function httpsAddress(text: string | undefined): string | undefined {
  const url = text === undefined || !URL.canParse(text) ? undefined : new URL(text)
  return url?.protocol === 'https:' ? url.href : undefined
}

/**
 * A path in the project as a relative URI: GitHub refuses one with a scheme, and nothing lies outside of the project.
 * `./docker\api file` is `docker/api%20file`.
 * Without any name it is `Dockerfile`.
 */
export function relativeUri(path: string): string {
  const parts = path.toWellFormed().split(/[\\/]/)
  return (
    parts
      .filter((part) => !['', '.', '..'].includes(part))
      .map(encodeURIComponent)
      .join('/') || 'Dockerfile'
  )
}
