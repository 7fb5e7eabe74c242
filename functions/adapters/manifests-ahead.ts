import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import { Unreadable } from '../faults.ts'
import { type Opened, openManifest } from '../policy/image/manifest.ts'
import { membersToRead } from '../policy/image/platforms.ts'
import type { EcrCall } from './ecr-call.ts'
import { batchGet, type Manifests } from './ecr-manifests.ts'

/** Manifests that one call brings. */
const AT_ONCE = 100

/** A manifest, or why it cannot be read; neither where it is not there. */
type Got = { readonly text?: string | undefined; readonly fault?: Unreadable | undefined }

function opened(text: string, digest: string): Opened | undefined {
  try {
    return openManifest(text, digest)
  } catch (error) {
    if (error instanceof Unreadable) return undefined
    throw error
  }
}

/** What an index lists that somebody will want to read; nothing of one that nobody can read. */
function membersOf(text: string, digest: string): readonly string[] {
  const index = opened(text, digest)
  if (index?.kind !== 'index') return []
  try {
    return membersToRead(index.members).map((member) => member.digest)
  } catch (error) {
    if (error instanceof Unreadable) return []
    throw error
  }
}

async function getSome(call: EcrCall, ref: RepositoryRef, digests: readonly string[]): Promise<Map<string, Got>> {
  try {
    const { manifests, refused } = await batchGet(call, ref, digests)
    const code = refused.find((one) => one !== 'ImageNotFound')
    const fault = code && new Unreadable(`ECR answered ${code} to BatchGetImage`, true, undefined)
    // Of those that did not come, nobody asks which was refused and which is gone: none of them is known.
    return new Map(
      digests.map((digest) => [
        digest,
        { text: manifests.get(digest), ...(fault && !manifests.has(digest) && { fault }) },
      ]),
    )
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return new Map(digests.map((digest) => [digest, { fault: error }]))
  }
}

/** Manifests that are read together before anybody asks for them, so that a hundred take one call. */
export type ManifestsAhead = {
  /** Reads up to 100, then what the indexes among them list, and forgets those before. @throws {Gone} */
  read(digests: readonly string[]): Promise<void>
  /** Those that were read; others are asked for. */
  readonly manifests: Manifests
  /** That of one of the last `read`. */
  textOf(digest: string): string | undefined
}

/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetImage.html */
export function manifestsAhead(call: EcrCall, ref: RepositoryRef, rest: Manifests): ManifestsAhead {
  let known = new Map<string, Got>()

  async function add(digests: readonly string[]): Promise<void> {
    for (let at = 0; at < digests.length; at += AT_ONCE)
      for (const [digest, got] of await getSome(call, ref, digests.slice(at, at + AT_ONCE))) known.set(digest, got)
  }

  const textsOf = (digests: readonly string[]): readonly (readonly [string, string])[] =>
    digests.flatMap((digest) => {
      const { text, fault } = known.get(digest) ?? {}
      if (fault) throw fault
      return text === undefined ? [] : [[digest, text] as const]
    })

  return {
    async read(digests) {
      known = new Map()
      await add(digests)
      const members = [...known].flatMap(([digest, { text }]) => (text === undefined ? [] : membersOf(text, digest)))
      await add([...new Set(members)].filter((member) => !known.has(member)))
    },
    async manifests(image, digests) {
      const missing = digests.filter((digest) => !known.has(digest))
      const found = new Map(textsOf(digests))
      if (missing.length > 0) for (const [digest, text] of await rest(image, missing)) found.set(digest, text)
      return found
    },
    textOf: (digest) => known.get(digest)?.text,
  }
}
