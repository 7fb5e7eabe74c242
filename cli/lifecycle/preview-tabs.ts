import { tabbed } from '../table.ts'
import type { Previewed } from './previewed.ts'

/**
 * A line for each image, its fields separated by tabs: what is done, repository, digest, tags, rule, when it is due, bytes,
 * reason.
 */
export function* previewTabs({ evaluated: { ref, verdicts } }: Previewed): Generator<string> {
  for (const { action, digest, tags, rule, dueAt, sizeBytes, reason } of verdicts[0]) {
    const fields = [action, ref.repository ?? '', digest, tags.join(','), String(rule ?? ''), dueAt ?? '']
    yield `${tabbed([...fields, String(sizeBytes), reason])}\n`
  }
}
