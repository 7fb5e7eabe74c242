import pLimit from 'p-limit'
import type { ReadScan } from '../domain/gate/gathered.ts'
import { isArchived, withPlatform } from '../domain/gate/platforms.ts'
import { Unreadable } from '../faults.ts'
import type { FoundImage, GatePorts, GateQuestion, OnWait, ScanStart } from './ports.ts'
import { readUntil } from './wait.ts'

type Of = Pick<ReadScan, 'digest' | 'platform'>

/** Platforms that are read side by side. */
const AT_ONCE = 8

/** What is scanned of an image: itself, or the images of its index. Nothing of an artifact, of which `what` says what it is. */
export async function scannedOf({ ref, isPlain }: FoundImage, { manifest }: GatePorts) {
  if (isPlain) return { scanned: [{ digest: ref.digest }] }
  const opened = await manifest(ref)
  if (opened.kind === 'artifact') return { scanned: [], artifact: opened.what }
  return { scanned: opened.platforms.map(({ digest, platform }): Of => ({ digest, platform })) }
}

/** How long after its push a scan of Inspector is not yet taken at its word that it found nothing. Milliseconds. */
const SETTLING = 5 * 60_000

/**
 * Continuous scanning is ACTIVE from when it begins to watch: where it tells of no finding, nor when it was complete, the first
 * findings may still be on their way.
 * @see https://github.com/aws/aws-for-fluent-bit/pull/1105
 */
const isSettling = ({ status, findings, scannedAt }: ReadScan, pushedAt: string, now: Date): boolean =>
  status === 'ACTIVE' &&
  findings.length === 0 &&
  scannedAt === undefined &&
  now.getTime() - Date.parse(pushedAt) < SETTLING

/** One platform that cannot be read hides nothing that another one tells. */
async function readOne({ ref, detail }: FoundImage, of: Of, { scan, now }: GatePorts): Promise<ReadScan> {
  try {
    const read = await scan(ref, of)
    return isSettling(read, detail.pushedAt, now()) ? { ...read, outcome: 'pending' } : read
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return { ...of, outcome: 'failed', counts: {}, findings: [], saysFixes: false, unread: error.message }
  }
}

const isAwaited = (scan: ReadScan): boolean =>
  scan.outcome === 'never' || (scan.outcome === 'pending' && !isArchived(scan))

/** The scans of an image as they are now; those that have ended before are not read again. */
export function readScans(
  image: FoundImage,
  scanned: readonly Of[],
  ports: GatePorts,
  before: readonly ReadScan[] = [],
): Promise<readonly ReadScan[]> {
  return pLimit(AT_ONCE).map(scanned, (of, index) => {
    const known = before[index]
    return known === undefined || isAwaited(known) ? readOne(image, of, ports) : known
  })
}

const STARTS: Readonly<Record<ScanStart, string>> = {
  started: 'a scan was started',
  running: 'a scan runs already',
  continuous: 'enhanced scanning scans by itself: no scan can be started, the first one takes minutes',
  limit: 'it was scanned within the last day, and basic scanning allows no more: that scan counts',
  unsupported: 'ECR cannot scan it',
}

/** Starts scans, as far as they are asked for. */
async function start(
  scans: readonly ReadScan[],
  { ref: image }: FoundImage,
  { startScan }: GateQuestion,
  ports: GatePorts,
  onWait: OnWait,
) {
  const wanted = startScan === 'always' ? scans : scans.filter(({ outcome }) => outcome === 'never')
  if (startScan === 'never') return false
  for (const scan of wanted) onWait(withPlatform(scan, STARTS[await ports.startScan(image, scan.digest)]))
  return wanted.length > 0
}

const awaitedIn = (scans: readonly ReadScan[]): string | undefined => {
  const [first, ...more] = scans.filter(isAwaited)
  if (!first) return undefined
  const what = first.outcome === 'never' ? 'no scan yet' : `the scan is ${first.status}`
  return withPlatform(first, more.length > 0 ? `${what}, and ${more.length} more` : what)
}

/**
 * The scans of an image once they have ended, or as they are when the time is over.
 * @throws {Gone} where the image is deleted meanwhile
 */
export async function awaitScans(
  image: FoundImage,
  scanned: readonly Of[],
  question: GateQuestion,
  ports: GatePorts,
  onWait: OnWait,
): Promise<{ readonly scans: readonly ReadScan[]; readonly waited: number }> {
  const first = await readScans(image, scanned, ports)
  const hasStarted = await start(first, image, question, ports, onWait)
  const { value, waited } = await readUntil<readonly ReadScan[]>(
    async (before) => (before || hasStarted ? readScans(image, scanned, ports, before) : first),
    { timeout: question.timeout, ports, onWait, awaited: awaitedIn },
  )
  return { scans: value, waited }
}
