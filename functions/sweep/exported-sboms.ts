import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import type { KnownContents } from '../domain/supply-chain/package-index/contents.ts'
import { type AskedExports, exportOf, NEVER_ASKED, whyBare } from '../domain/supply-chain/package-index/exports.ts'
import { kept } from '../kept.ts'
import type { Store } from '../planning/store.ts'
import { KEYS } from './contract.ts'
import { readJson } from './kept.ts'
import type { SbomText } from './ports.ts'

/** An image, or the manifest of one platform. @property pushedAt ISO 8601 instant */
export type BareImage = RepositoryRef & { readonly digest: string; readonly pushedAt: string }

/** What the exports of Inspector say of images that carry no SBOM. @throws {Unreadable} */
export type ExportedSboms = (image: BareImage) => Promise<KnownContents['contents']>

/** What was asked for, and some of the exports that repositories had their SBOMs from. */
const ONCE = { keyOf: (key: string): string => key, most: 100 }

/** `…:repository_team_web_sha256:…_CYCLONEDX_1_4.json`: a digest says all, since names have lost their slashes. */
const DIGEST = /_(sha256:[0-9a-f]{64})_[^/]*$/

/** Keys of the documents of one export, by the digests of their images. */
async function documentsOf(store: Store, registry: RegistryRef, id: string): Promise<ReadonlyMap<string, string>> {
  const keys = await store.list(KEYS.sbomExport(registry, id))
  return new Map(
    keys.flatMap((key) => {
      const digest = DIGEST.exec(key)?.[1]
      return digest === undefined ? [] : [[digest, key] as const]
    }),
  )
}

/** It is about the image that its key names: only Inspector writes there. */
async function contentsIn(text: string, read: SbomText): Promise<KnownContents['contents']> {
  const document = await read(text)
  if ('refused' in document) return { without: `the SBOM that Inspector exported cannot be read: ${document.refused}` }
  return { packages: document.sbom.packages }
}

export type ExportedDeps = {
  readonly store: Store
  readonly read: SbomText
  /** Of the sweep. */
  readonly now: Date
}

/**
 * The SBOMs that Inspector has exported of a registry, each listed and read when an image without one of its own asks for it.
 * @see https://docs.aws.amazon.com/inspector/latest/user/sbom-export.html
 */
export function exportedSboms(registry: RegistryRef, { store, read, now }: ExportedDeps): ExportedSboms {
  const asked = kept(ONCE, async (key) => (await readJson<AskedExports>(store, key)) ?? NEVER_ASKED)
  const documents = kept(ONCE, (id) => documentsOf(store, registry, id))
  return async (image) => {
    const all = await asked(KEYS.askedExports(registry))
    const last = exportOf(all, image.repository)
    const key = last && (await documents(last.id)).get(image.digest)
    const text = key === undefined ? undefined : (await store.read(key))?.text
    return text === undefined ? { without: whyBare(image, all, now) } : contentsIn(text, read)
  }
}
