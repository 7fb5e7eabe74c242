import type { ImageId, Manifest, RemovalAnswer } from '../../../functions/clean-up/ports.ts'
import type { StoredImage } from '../../../functions/domain/lifecycle/image.ts'

/** An image as the model has it. */
export type Image = {
  readonly digest: string
  readonly repository: string
  readonly tags: Set<string>
  readonly children: readonly string[] | undefined
  readonly subject: string | undefined
  readonly bornAt: number
  pushedAt: number
  pulledAt: number | undefined
  status: 'ACTIVE' | 'ARCHIVED'
  /** Step of the last pull, and of the last change of storage class. */
  pulledStep: number
  statusStep: number
}

export type Repository = {
  readonly name: string
  readonly images: Map<string, Image>
  readonly tags: Map<string, string>
}

const INDEX = 'application/vnd.oci.image.index.v1+json'
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'

export const digestOf = (number: number): string => `sha256:${number.toString(16).padStart(64, '0')}`

type Known = Pick<Image, 'children' | 'subject'>

/** What a removal did, for whoever checks it. */
export type Effect =
  | { readonly kind: 'untagged'; readonly image: Image; readonly tag: string }
  | { readonly kind: 'removed'; readonly image: Image; readonly tags: readonly string[]; readonly id: ImageId }
  | { readonly kind: 'refused'; readonly image: Image }

/** ECR, exactly as far as a clean-up meets it: written for the test, from its documentation, in plain maps. */
export class Registry {
  readonly repositories = new Map<string, Repository>()
  /** What every manifest ever pushed says, by digest. */
  readonly known = new Map<string, Known>()
  /** Step at which a tag was last set, by `repository:tag`. */
  readonly tagged = new Map<string, number>()
  readonly #clock: { readonly at: number; readonly step: number }
  #numbers = 1

  constructor(clock: { readonly at: number; readonly step: number }) {
    this.#clock = clock
  }

  create(name: string): Repository {
    const repository: Repository = { name, images: new Map(), tags: new Map() }
    this.repositories.set(name, repository)
    return repository
  }

  setTag(repository: Repository, image: Image, tag: string): void {
    repository.images.get(repository.tags.get(tag) ?? '')?.tags.delete(tag)
    repository.tags.set(tag, image.digest)
    image.tags.add(tag)
    this.tagged.set(`${repository.name}:${tag}`, this.#clock.step)
  }

  /** A push of something new, or of something known. */
  push(repository: Repository, { children, subject, digest }: Partial<Known> & { digest?: string }): Image {
    const name = digest ?? digestOf(this.#numbers++)
    const there = repository.images.get(name)
    if (there) return there
    const known = this.known.get(name) ?? { children, subject }
    this.known.set(name, known)
    const image: Image = {
      ...{ ...known, digest: name, repository: repository.name, tags: new Set(), bornAt: this.#clock.step },
      ...{ pushedAt: this.#clock.at, pulledAt: undefined, status: 'ACTIVE', pulledStep: -1, statusStep: -1 },
    }
    repository.images.set(name, image)
    return image
  }

  listing({ images }: Repository, digest: string): readonly Image[] {
    return [...images.values()].filter(({ children }) => children?.includes(digest))
  }

  /** One id of BatchDeleteImage. */
  removeOne(repository: Repository, id: ImageId): { answer: readonly ImageId[] | string; effects: readonly Effect[] } {
    const image = repository.images.get(id.digest)
    if (!image) return { answer: 'ImageNotFound', effects: [] }
    if (id.tag !== undefined && repository.tags.get(id.tag) !== id.digest)
      return { answer: repository.tags.has(id.tag) ? 'ImageTagDoesNotMatchDigest' : 'ImageNotFound', effects: [] }
    if (id.tag !== undefined && image.tags.size > 1) {
      image.tags.delete(id.tag)
      repository.tags.delete(id.tag)
      return { answer: [id], effects: [{ kind: 'untagged', image, tag: id.tag }] }
    }
    if (this.listing(repository, id.digest).length > 0)
      return { answer: 'ImageReferencedByManifestList', effects: [{ kind: 'refused', image }] }
    const tags = [...image.tags]
    for (const tag of tags) repository.tags.delete(tag)
    repository.images.delete(id.digest)
    const answer = tags.length > 0 ? tags.map((tag) => ({ digest: id.digest, tag })) : [{ digest: id.digest }]
    return { answer, effects: [{ kind: 'removed', image, tags, id }] }
  }

  remove(repository: Repository, ids: readonly ImageId[]): { answer: RemovalAnswer; effects: readonly Effect[] } {
    const [removed, failures, effects]: [ImageId[], RemovalAnswer['failures'][number][], Effect[]] = [[], [], []]
    for (const id of ids) {
      const { answer, effects: done } = this.removeOne(repository, id)
      effects.push(...done)
      if (typeof answer === 'string') failures.push({ ...id, code: answer, reason: `it is so: ${answer}` })
      else removed.push(...answer)
    }
    return { answer: { removed, failures }, effects }
  }

  stored(image: Image): StoredImage {
    return {
      ...{ digest: image.digest, tags: [...image.tags], pushedAt: image.pushedAt, pulledAt: image.pulledAt },
      ...{ status: image.status, sizeInBytes: 1_000, subject: image.subject },
      mediaType: image.children ? INDEX : MANIFEST,
    }
  }

  manifest(digest: string): Manifest {
    return { digest, text: `{"of":"${digest}"}`, mediaType: this.known.get(digest)?.children ? INDEX : MANIFEST }
  }
}
