import { createHash } from 'node:crypto'
import type { Manifest, TagHands } from '../../../functions/policy/quarantine/ports.ts'

export const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`

export const manifestOf = (name: string): Manifest => {
  const text = JSON.stringify({ schemaVersion: 2, name })
  return { digest: digestOf(text), text, mediaType: 'application/vnd.oci.image.manifest.v1+json' }
}

/**
 * Images of one repository by digest, and what its tags name, as ECR keeps them: an image goes with its last tag.
 * `onCall` runs before each call is done, and `onDone` after it.
 */
export function tagWorld() {
  const images = new Map<string, Manifest>()
  const tags = new Map<string, string>()
  const state = {
    images,
    tags,
    calls: [] as string[],
    onCall: undefined as ((name: string) => void) | undefined,
    onDone: undefined as ((name: string) => void) | undefined,
  }
  const tagsOf = (digest: string): string[] =>
    [...tags].flatMap(([tag, named]) => (named === digest ? [tag] : [])).toSorted()
  const call =
    <A extends readonly unknown[], T>(name: string, work: (...args: A) => T) =>
    async (...args: A): Promise<T> => {
      state.calls.push(name)
      state.onCall?.(name)
      const result = work(...args)
      state.onDone?.(name)
      return result
    }
  /** As a builder pushes an image: the tag moves to it. */
  const push = (manifest: Manifest, ...names: readonly string[]): void => {
    images.set(manifest.digest, manifest)
    for (const tag of names) tags.set(tag, manifest.digest)
  }
  /** Removes one tag, and the image with the last. */
  const untag = (tag: string): void => {
    const digest = tags.get(tag)
    tags.delete(tag)
    if (digest !== undefined && tagsOf(digest).length === 0) images.delete(digest)
  }
  const hands: TagHands = {
    manifests: call('manifests', (_, digests: readonly string[]) => digests.flatMap((one) => images.get(one) ?? [])),
    named: call('named', (_, names: readonly string[]) => {
      const found = names.flatMap((tag) => {
        const digest = tags.get(tag)
        return digest === undefined ? [] : [[tag, digest] as const]
      })
      return new Map(found)
    }),
    put: call('put', (_, manifest: Manifest, tag: string | undefined) => {
      images.set(manifest.digest, manifest)
      if (tag !== undefined) tags.set(tag, manifest.digest)
    }),
    remove: call('remove', (_, ids: readonly { readonly digest: string; readonly tag: string }[]) => ({
      failures: ids.flatMap(({ digest, tag }) => {
        if (tags.get(tag) !== digest) return [{ code: 'ImageTagDoesNotMatchDigest', reason: 'set by the test' }]
        untag(tag)
        return []
      }),
    })),
  }
  return { state, hands, push, untag, tagsOf }
}
