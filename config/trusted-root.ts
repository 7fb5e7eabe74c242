import { trustedRootFault } from '../functions/domain/supply-chain/trusted-root.ts'

/** A trusted root of Sigstore, or what is wrong with the text in words. */
export type TrustedRoot = { readonly root: object } | { readonly problem: string }

const REFRESH = 'ecr-steward trusted-root --refresh FILE writes the current one of Sigstore'

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Reads a trusted root. What is taken here can be verified with: what verifies asks the same of it. */
export function trustedRoot(text: string): TrustedRoot {
  const root = parsed(text)
  if (root === undefined) return { problem: `is not valid JSON, expected a trusted root of Sigstore: ${REFRESH}` }
  const fault = trustedRootFault(root)
  if (fault === undefined) return { root: root as object }
  return { problem: `is no trusted root of Sigstore, ${fault}. ${REFRESH}` }
}
