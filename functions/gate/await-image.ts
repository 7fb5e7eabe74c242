import { Gone } from '../faults.ts'
import type { FoundImage, GatePorts, GateQuestion, ImageName, OnWait } from './ports.ts'
import { readUntil } from './wait.ts'

/** What was pushed is not to be seen at once, but soon. Milliseconds. */
const PATIENCE = 30_000

const nameText = (name: ImageName): string => ('tag' in name ? `tag ${name.tag}` : name.digest)

/**
 * The image that is meant; what was just pushed is waited for.
 * @throws {Unreadable}
 * @throws {Gone} where the repository or the image is not there
 */
export async function awaitImage(question: GateQuestion, ports: GatePorts, onWait: OnWait): Promise<FoundImage> {
  const { repository, name, timeout } = question
  const { value } = await readUntil(() => ports.find(repository, name), {
    ...{ ports, onWait, timeout: Math.min(timeout, PATIENCE) },
    awaited: (found) => (found ? undefined : `${repository.repository} has no ${nameText(name)} yet`),
  })
  if (!value) throw new Gone(`${repository.repository} has no image with the ${nameText(name)}`)
  return value
}
