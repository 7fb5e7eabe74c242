import { createHash } from 'node:crypto'
import type { ChildrenOf, StoredImage } from '../../../functions/domain/lifecycle/image.ts'
import type { LifecycleVerdict } from '../../../functions/domain/lifecycle/verdict.ts'

export const HOUR = 3_600_000
export const NOW = new Date('2026-11-28T03:00:00Z')
export const REPOSITORY = { account: '123456789012', region: 'eu-central-1', repository: 'ci/web' }
export const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
export const INDEX = 'application/vnd.oci.image.index.v1+json'

export const digestOf = (name: string): string => `sha256:${createHash('sha256').update(name).digest('hex')}`
/** The tag that cosign gives the signature of an image. */
export const about = (name: string, ending = '.sig'): string => `sha256-${digestOf(name).slice(7)}${ending}`

export type Change = Partial<Omit<StoredImage, 'digest' | 'subject'>> & {
  readonly subject?: string
  readonly hours?: number
}

/** An image called as its tag, pushed a thousand hours ago. */
export const image = (name: string, { subject, hours = 1_000, ...change }: Change = {}): StoredImage => ({
  digest: digestOf(name),
  tags: [name],
  pushedAt: NOW.getTime() - hours * HOUR,
  status: 'ACTIVE',
  sizeInBytes: 1_000,
  mediaType: MANIFEST,
  ...(subject !== undefined && { subject: digestOf(subject) }),
  ...change,
})

/** What indexes list, by names. */
export const childrenOf = (children: Readonly<Record<string, readonly string[]>>): ChildrenOf =>
  new Map(Object.entries(children).map(([index, of]) => [digestOf(index), of.map(digestOf)]))

/** What a rule says to an image that it marks. */
export const marked = (name: string, change: Partial<LifecycleVerdict> = {}): LifecycleVerdict => ({
  digest: digestOf(name),
  tags: [],
  action: 'expire',
  rule: 1,
  ground: 'beyond-age',
  reason: 'too old',
  dueAt: null,
  sizeBytes: 0,
  ...change,
})
