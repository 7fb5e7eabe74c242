import { tabbed } from '../table.ts'
import type { ImageRow } from './result.ts'
import { kindText, NOTHING, scanText, stateText } from './words.ts'

/**
 * A line for each image, its fields separated by tabs: digest, tags, bytes, pushed, pulled, platforms or kind, scan, verdict,
 * rules that fail or are unknown and not excepted.
 */
export function tabLine(row: ImageRow): string {
  const { digest, tags, sizeInBytes, pushedAt, pulledAt = NOTHING, scan, verdict } = row
  const open = verdict?.rules.filter(({ excepted }) => !excepted).map(({ rule }) => rule) ?? []
  return tabbed([
    ...[digest, tags.join(','), String(sizeInBytes), pushedAt, pulledAt, kindText(row)],
    ...[scan ? scanText(scan) : NOTHING, verdict ? stateText(verdict.state) : NOTHING, open.join(',')],
  ])
}
