import { readIndex } from './read.ts'
import type { IndexWriter } from './write.ts'

/**
 * Adds an index to another one, whose numbers its packages get.
 * @throws {NotAnIndex}
 */
export function mergeInto(writer: IndexWriter, part: string): void {
  const numbers: number[] = []
  for (const entry of readIndex(part)) {
    if (entry.kind === 'package') numbers.push(writer.numberOf(entry.package))
    else if (entry.kind === 'repository') writer.repository(entry.repository)
    else if ('without' in entry.contents) writer.image(entry.image, entry.contents)
    else writer.image(entry.image, { numbers: entry.contents.numbers.map((number) => numbers[number] as number) })
  }
}
