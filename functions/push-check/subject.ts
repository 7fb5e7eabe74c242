import type { ActiveRule } from '../domain/policy.ts'
import { Gone, Unreadable } from '../faults.ts'
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

/** What a manifest says that it is about. What cannot be read now is left to the sweep. */
async function subjectIn({ delivery: { event } }: Worthy, { ports }: Deps): Promise<string | undefined> {
  try {
    const manifest = await ports.registries(event.image).images.manifest(event.image)
    return manifest.kind === 'artifact' ? manifest.subject : undefined
  } catch (error) {
    if (error instanceof Gone || error instanceof Unreadable) return undefined
    throw error
  }
}

/**
 * A push of a signature, an attestation or an SBOM as one of the image that it is attached to, where a rule looks at such things: what
 * failed, or was not there yet, may hold now. Any other push as it is.
 */
export async function ofSubject(worthy: Worthy, deps: Deps): Promise<Worthy> {
  const { delivery, rules } = worthy
  const { event } = delivery
  const { image } = event
  if (!rules.image.some(readsAttached)) return worthy
  const named = subjectInTag(image.tags)
  const digest = named ?? (image.tags.length === 0 ? await subjectIn(worthy, deps) : undefined)
  if (digest === undefined) return worthy
  const push = { ...event, image: { ...image, digest, tags: [] }, isReferrer: false, attached: image.digest }
  return { ...worthy, delivery: { ...delivery, event: push } }
}
