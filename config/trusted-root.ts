/** A trusted root of Sigstore, or what is wrong with the text in words. */
export type TrustedRoot = { readonly root: object } | { readonly problem: string }

const MEDIA_TYPE = 'application/vnd.dev.sigstore.trustedroot'

const NONE = `is no trusted root of Sigstore, expected JSON with mediaType ${MEDIA_TYPE}… and certificateAuthorities`

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * Reads a trusted root far enough to know that it is one: what verifies with it reads the rest.
 * @see https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_trustroot.proto
 */
export function trustedRoot(text: string): TrustedRoot {
  const root = parsed(text)
  if (root === undefined) return { problem: 'is not valid JSON, expected a trusted root of Sigstore' }
  const isRoot =
    isObject(root) && String(root.mediaType).startsWith(MEDIA_TYPE) && Array.isArray(root.certificateAuthorities)
  return isRoot ? { root } : { problem: NONE }
}
