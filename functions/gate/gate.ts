import { ancestorOf, BASE_NAME } from '../domain/ancestry/ancestor.ts'
import type { Base, ReadScan } from '../domain/gate/gathered.ts'
import { judgeGate } from '../domain/gate/judge-gate.ts'
import type { GateResult } from '../domain/gate/result.ts'
import type { ImageRef } from '../domain/image.ts'
import { Gone, Unreadable } from '../faults.ts'
import { awaitImage } from './await-image.ts'
import { awaitScans, readScans, scannedOf } from './await-scans.ts'
import type { GatePorts, GateQuestion, OnWait } from './ports.ts'

/** The image that this one is compared with, as it is scanned now: it is not waited for. */
async function baseOf({ newSince, repository }: GateQuestion, ports: GatePorts): Promise<Base | undefined> {
  if (!newSince) return undefined
  const name = 'tag' in newSince ? newSince.tag : newSince.digest
  const found = await ports.find(repository, newSince)
  if (!found) throw new Gone(`${repository.repository} has no ${name} to compare with`)
  const { scanned } = await scannedOf(found, ports)
  return { name, digest: found.ref.digest, scans: await readScans(found, scanned, ports) }
}

/** Where the tag points after the wait; whoever cannot be asked again tells nothing new. */
async function movedTo({ digest }: ImageRef, { repository, name }: GateQuestion, ports: GatePorts) {
  if (!('tag' in name)) return undefined
  try {
    const found = await ports.find(repository, name)
    return found?.ref.digest === digest ? undefined : found?.ref.digest
  } catch (error) {
    if (error instanceof Unreadable || error instanceof Gone) return undefined
    throw error
  }
}

/**
 * What an image for one platform is built upon, where its scan says which layers bring what. A pipeline is promised two calls:
 * only who looks at a scan makes this third one.
 */
async function ancestorIn(ref: ImageRef, scans: readonly ReadScan[], { kind }: GateQuestion, ports: GatePorts) {
  const isLayered = scans.some(({ findings }) => findings.some(({ layer }) => layer))
  if (kind !== 'scan' || !isLayered) return undefined
  try {
    const opened = await ports.manifest(ref)
    const [first, ...others] = opened.kind === 'image' ? opened.platforms : []
    if (!first || others.length > 0) return undefined
    return ancestorOf({ layers: first.layers, base: first.annotations[BASE_NAME] }, [])
  } catch (error) {
    if (error instanceof Unreadable || error instanceof Gone) return undefined
    throw error
  }
}

/**
 * Waits for an image and its scans, and judges it: in CI, on the command line, and before a deployment alike. The digest that
 * the tag names at the beginning is judged, wherever the tag goes meanwhile.
 * @throws {Unreadable} where AWS refuses or cannot be reached, and nothing is known therefore
 * @throws {Gone} where the repository or the image is not there
 */
export async function gate(question: GateQuestion, ports: GatePorts, onWait: OnWait): Promise<GateResult> {
  const { name } = question
  const found = await awaitImage(question, ports, onWait)
  const { ref, detail } = found
  const { scanned, artifact } = await scannedOf(found, ports)
  const [{ scans, waited }, base] = await Promise.all([
    awaitScans(found, scanned, question, ports, onWait),
    baseOf(question, ports),
  ])
  return judgeGate({
    ...question,
    ...{ image: { ...ref, tags: detail.tags }, detail, artifact, scans, waited, base, now: ports.now() },
    tag: 'tag' in name ? name.tag : undefined,
    ancestor: await ancestorIn(ref, scans, question, ports),
    moved: waited > 0 ? await movedTo(ref, question, ports) : undefined,
    rules: (await ports.rules?.(ref)) ?? [],
  })
}
