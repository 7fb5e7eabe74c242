import { Tokenizer } from '@streamparser/json'
import {
  type Component,
  CYCLONEDX,
  type CycloneDxDocument,
  cycloneDxReader,
  cycloneDxVersion,
} from '../../../domain/supply-chain/sbom/cyclonedx.ts'
import { licenceReader } from '../../../domain/supply-chain/sbom/licence.ts'
import { RefusedSbom } from '../../../domain/supply-chain/sbom/refused.ts'
import { type Handed, listOf, record, type Shape } from '../../../domain/supply-chain/sbom/shape.ts'
import {
  type Relationship,
  SPDX,
  type SpdxDocument,
  type SpdxPackage,
  spdxReader,
  spdxVersion,
} from '../../../domain/supply-chain/sbom/spdx.ts'
import type { Sbom } from '../../../domain/supply-chain/sbom.ts'
import { Assembler } from './assembler.ts'

export type ReadSbom =
  | { readonly sbom: Sbom }
  /** Why it is none, or could not be read: a clause such as `it is not JSON`. Parts of it may be an outsider's. */
  | { readonly refused: string }

/** Bytes of a document. */
export const SBOM_LIMIT = 64 * 1_048_576
/** Bytes that are taken apart at a time. */
const CHUNK = 65_536

type Document = SpdxDocument & CycloneDxDocument

/** A document, or a statement about an image that holds one, as BuildKit and cosign write it. */
type Root = Document & {
  readonly subject?: readonly { readonly digest?: { readonly sha256?: string } }[]
  /** Old cosign has the document in `Data`. */
  readonly predicate?: Document & { readonly Data?: Document }
}

const DOCUMENT: Readonly<Record<string, Shape>> = { ...SPDX, ...CYCLONEDX, '@context': 'text' }
const ROOT = record({
  ...DOCUMENT,
  subject: listOf(record({ digest: record({ sha256: 'text' }) })),
  predicate: record({ ...DOCUMENT, Data: record(DOCUMENT) }),
})

const SUBJECT = /^[0-9a-f]{64}$/
const subjectsOf = ({ subject = [] }: Root): string[] =>
  subject.flatMap(({ digest }) => (SUBJECT.test(digest?.sha256 ?? '') ? [`sha256:${digest?.sha256}`] : []))

/** Why a document of neither format is refused. */
function unknownFormat({ spdxVersion: spdx, specVersion, bomFormat, ...rest }: Document): RefusedSbom {
  const short = (text: string): string => JSON.stringify(text.slice(0, 30))
  if (spdx !== undefined) return new RefusedSbom(`it is SPDX of version ${short(spdx)}, and 2.2 and 2.3 are read`)
  if (bomFormat === 'CycloneDX')
    return new RefusedSbom(`it is CycloneDX of version ${short(specVersion ?? '')}, and 1.4 to 1.7 are read`)
  if ('@context' in rest) return new RefusedSbom('it is JSON-LD, as SPDX 3 is, which is not read')
  return new RefusedSbom('it says neither spdxVersion nor that its bomFormat is CycloneDX')
}

/** Numbers are not used, and reading one of many digits takes long. */
class Tokens extends Tokenizer {
  protected override parseNumber(): number {
    return 0
  }
}

/** Takes bytes as they come. */
class SbomReader {
  readonly #licences = licenceReader()
  readonly #spdx = spdxReader(this.#licences)
  readonly #cycloneDx = cycloneDxReader(this.#licences)
  readonly #assembler = new Assembler(ROOT, (handed, element) => this.#take(handed, element))
  readonly #tokenizer = new Tokens({ stringBufferSize: CHUNK, numberBufferSize: CHUNK, emitPartialTokens: true })

  constructor() {
    this.#tokenizer.onToken = ({ token, value, partial = false }) => this.#assembler.write(token, value, partial)
  }

  write(chunk: Uint8Array): void {
    try {
      this.#tokenizer.write(chunk)
    } catch (error) {
      throw error instanceof RefusedSbom ? error : new RefusedSbom('it is not JSON')
    }
  }

  end(): Sbom {
    this.#tokenizer.onError = () => undefined
    this.#tokenizer.end()
    const root = this.#assembler.end() as Root | undefined
    if (root === undefined) throw new RefusedSbom('it is not an object')
    const document = root.predicate?.Data ?? root.predicate ?? root
    const [spdx, cycloneDx] = [spdxVersion(document), cycloneDxVersion(document)]
    if (spdx === undefined && cycloneDx === undefined) throw unknownFormat(document)
    if (spdx !== undefined && cycloneDx !== undefined)
      throw new RefusedSbom('it says that it is SPDX, and that it is CycloneDX')
    const sbom =
      spdx !== undefined ? this.#spdx.sbom(document, spdx) : this.#cycloneDx.sbom(document, String(cycloneDx))
    return { ...sbom, about: [...new Set([...subjectsOf(root), ...sbom.about])] }
  }

  /** Elements have the shape of what they are handed as. */
  #take(handed: Handed, element: object): void {
    if (handed === 'package') this.#spdx.package(element as SpdxPackage)
    else if (handed === 'relationship') this.#spdx.relationship(element as Relationship)
    else this.#cycloneDx.component(element as Component)
  }
}

function* chunksOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK)
}

/**
 * Reads an SBOM in JSON: SPDX 2.2 and 2.3, CycloneDX 1.4 to 1.7, also within an in-toto statement. Whatever is in it, it takes
 * time and memory in proportion to its bytes, and does not throw.
 * @param bytes all of them, or as they come
 * @param limit bytes; of what is larger no more is read than that
 * @see https://spdx.github.io/spdx-spec/v2.3/
 * @see https://cyclonedx.org/specification/overview/
 */
export async function readSbom(
  bytes: Uint8Array | AsyncIterable<Uint8Array>,
  limit: number = SBOM_LIMIT,
): Promise<ReadSbom> {
  const reader = new SbomReader()
  let size = 0
  try {
    for await (const chunk of bytes instanceof Uint8Array ? chunksOf(bytes) : bytes) {
      size += chunk.length
      if (size > limit) throw new RefusedSbom(`it has more than ${limit / 1_048_576} MiB`)
      reader.write(chunk)
    }
    return { sbom: reader.end() }
  } catch (error) {
    if (error instanceof RefusedSbom) return { refused: error.message }
    throw error
  }
}
