import { type ImageRef, shortDigest } from '../../functions/domain/image.ts'
import type { ReleaseStep } from '../../functions/policy/quarantine/release.ts'
import type { Io } from '../io.ts'
import { createLines } from '../lines.ts'
import { type Row, tabbed, tableLines } from '../table.ts'
import { columnsOf, painter } from '../terminal.ts'

const WORDS = { planned: 'to release', released: 'released', left: 'stays', failed: 'failed' } as const
const FORMATS = { planned: 'bold', released: 'green', left: 'yellow', failed: 'red' } as const

const rowOf = ({ tag = '', as, state, why = '' }: ReleaseStep): Row => [
  { text: WORDS[state], format: FORMATS[state] },
  { text: as },
  { text: tag === '' ? '' : `→ ${tag}` },
  { text: why, format: 'dim' },
]

/** A tag a line: state, tag of quarantine, tag that it was, why not. */
function toPipe(steps: readonly ReleaseStep[], { stdout }: Io): void {
  for (const { state, as, tag = '', why = '' } of steps) stdout.write(`${tabbed([state, as, tag, why])}\n`)
}

function toTerminal(image: ImageRef, steps: readonly ReleaseStep[], { stdout }: Io): void {
  const [paint, width] = [painter(stdout), columnsOf(stdout)]
  const lines = createLines(paint, width)
  lines.heading(`${image.repository}@${shortDigest(image.digest)} (${image.account}, ${image.region})`)
  for (const line of tableLines(steps.map(rowOf), width - 2, paint)) lines.verbatim(line)
  stdout.write(lines.text())
}

/** What was released, or would be, on stdout. */
export function reportRelease(image: ImageRef, steps: readonly ReleaseStep[], isJson: boolean, io: Io): void {
  const { account, region, repository, digest } = image
  if (isJson) io.stdout.write(`${JSON.stringify({ account, region, repository, digest, tags: steps })}\n`)
  else if (io.stdout.isTTY) toTerminal(image, steps, io)
  else toPipe(steps, io)
}
