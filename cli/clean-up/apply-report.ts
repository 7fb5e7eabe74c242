import { roughBytes } from '../../functions/domain/bytes.ts'
import type { ApplyReport } from '../../functions/domain/clean-up/outcome.ts'
import { standardCost } from '../../functions/domain/cost.ts'
import { counted } from '../../functions/domain/counted.ts'
import { shortDigest } from '../../functions/domain/image.ts'
import { tableLines } from '../table.ts'
import { oneLine, wrap } from '../terminal.ts'
import { indented, type Look, more } from './going-lines.ts'
import { inDollars, withShortDigests } from './words.ts'

/** Images that are shown of a list; --json has all. */
const MOST = 50

type Listed = { readonly repository: string; readonly digest: string; readonly why: string }

/** A list with its title; nothing where it is empty. */
export function listLines(title: string, images: readonly Listed[], { paint, width }: Look): readonly string[] {
  if (images.length === 0) return []
  const rows = images
    .slice(0, MOST)
    .map(({ repository, digest, why }) => [
      { text: repository },
      { text: shortDigest(digest) },
      { text: withShortDigests(why), format: 'dim' as const },
    ])
  return [
    '',
    `${paint('bold', title)}  ${counted(images.length, 'image')}`,
    ...indented([...tableLines(rows, width - 2, paint), ...more(MOST, images, 'images')]),
  ]
}

function doneLine({ deleted, archived, alreadyGone, freedBytes }: ApplyReport): string {
  const freed =
    deleted > 0 ? `: at most ${roughBytes(freedBytes)} less, ${inDollars(standardCost(freedBytes))} a month` : ''
  const others = [
    ...(archived > 0 ? [`${counted(archived, 'image')} archived`] : []),
    ...(alreadyGone > 0 ? [`${counted(alreadyGone, 'image')} gone before`] : []),
  ]
  return `${[`${counted(deleted, 'image')} deleted${freed}`, ...others].join('; ')}.`
}

/** With the full stop that a reason which somebody wrote may lack. */
const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`)

type Commands = { readonly again: string; readonly undo: string }

/** What an apply did, for a person: what went, what stayed and why, and what to do next. */
export function applyLines(report: ApplyReport, { again, undo, ...look }: Look & Commands): readonly string[] {
  const { plan, kept, failed, stopped, left, deleted, archived } = report
  const { paint, width } = look
  const command = (line: string): string => `${paint('dim', '$')} ${paint('cyan', oneLine(line))}`
  const isUnfinished = stopped !== undefined || failed.length > 0
  return [
    paint('bold', `Clean-up plan ${plan}`),
    ...wrap(doneLine(report), width),
    ...listLines('KEPT', kept, look),
    ...listLines('FAILED', failed, look),
    ...(stopped ? ['', ...wrap(`It stopped: ${sentence(stopped.why)} ${counted(left, 'image')} left.`, width)] : []),
    ...(isUnfinished
      ? ['', ...wrap('What is left is done by running it again, until the plan expires:', width), command(again)]
      : []),
    ...(deleted + archived > 0 ? ['', ...wrap('To bring back what can be brought back:', width), command(undo)] : []),
  ]
}
