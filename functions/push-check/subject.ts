import { isPatient } from '../delivery.ts'
import type { ImageManifest } from '../domain/facts/image-facts.ts'
import type { ActiveRule } from '../domain/policy.ts'
import { Gone, Later, Unreadable } from '../faults.ts'
import type { Worthy } from './group.ts'
import type { Deps } from './ports.ts'

/** By which something is attached to an image, where it does not name its subject: the image's digest, and what it is. */
const ATTACHED = /^sha256-(?<hex>[0-9a-f]{64})(?:\.(?:sig|att|sbom))?$/

/** Whether a rule looks at what is attached to an image. */
export const readsAttached = ({ rule }: ActiveRule): boolean =>
  [...rule.needs, ...rule.helpedBy].some((value) => value === 'evidence' || value === 'sboms')

function subjectInTag([tag = '']: readonly string[]): string | undefined {
  const { hex } = ATTACHED.exec(tag)?.groups ?? {}
  return hex && `sha256:${hex}`
}

/** What a manifest is of, and why that cannot be read now. */
async function manifestOf(
  { delivery: { event } }: Worthy,
  { ports }: Deps,
): Promise<ImageManifest | Gone | Unreadable> {
  try {
    return await ports.registries(event.image).images.manifest(event.image)
  } catch (error) {
    if (error instanceof Gone || error instanceof Unreadable) return error
    throw error
  }
}

function ofImage(worthy: Worthy, digest: string): Worthy {
  const { delivery } = worthy
  const { event } = delivery
  const { image } = event
  const push = { ...event, image: { ...image, digest, tags: [] }, isReferrer: false, attached: image.digest }
  return { ...worthy, delivery: { ...delivery, event: push } }
}

/** ECR may not show yet what it has just announced: without its subject, a referrer says nothing. */
const mayShow = ({ event, ...delivery }: Worthy['delivery'], fault: Gone | Unreadable): boolean =>
  event.isReferrer && isPatient({ deliveries: [{ event, ...delivery }] }) && (fault instanceof Gone || !fault.permanent)

/**
 * A push of a signature, an attestation or an SBOM as one of the image that it is attached to, where a rule looks at such things: what
 * failed, or was not there yet, may hold now. Any other push as it is. A tag as of a signature can be put on an image too: what
 * cannot be read is both.
 * @throws {Later} where what it refers to may be read later
 */
export async function ofSubject(worthy: Worthy, deps: Deps): Promise<readonly Worthy[]> {
  const { delivery, rules } = worthy
  const { image } = delivery.event
  const named = subjectInTag(image.tags)
  if (!rules.image.some(readsAttached) || (image.tags.length > 0 && named === undefined)) return [worthy]
  const manifest = await manifestOf(worthy, deps)
  if (manifest instanceof Error) {
    if (mayShow(delivery, manifest)) throw new Later(`what it refers to: ${manifest.message}`, { cause: manifest })
    return named === undefined ? [worthy] : [worthy, ofImage(worthy, named)]
  }
  const digest = manifest.kind === 'artifact' ? (named ?? manifest.subject) : undefined
  return [digest === undefined ? worthy : ofImage(worthy, digest)]
}
