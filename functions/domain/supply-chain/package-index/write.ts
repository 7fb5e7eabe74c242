import type { ImageContents, IndexedImage, IndexedPackage, IndexedRepository } from './entry.ts'

/** The first is the number itself: many are near the one before, and a text of small numbers is short. */
const gapsOf = (sorted: readonly number[]): readonly number[] =>
  sorted.map((number, at) => number - (at === 0 ? 0 : (sorted[at - 1] as number)))

const inLine = (contents: ImageContents): object =>
  'without' in contents
    ? { without: contents.without }
    : { packages: gapsOf([...Uint32Array.from(new Set(contents.numbers)).sort()]) }

/**
 * Writes the lines of an index as they come: a package stands there once, before the first image that has it, and images name
 * it by its number. So whoever reads it needs no more of it than the line that it is at, and an index of one repository has the
 * form of one of all.
 */
export function createIndexWriter() {
  const numbers = new Map<string, number>()
  const lines: string[] = []
  let length = 0
  const put = (line: string): void => {
    lines.push(line)
    length += line.length + 1
  }
  return {
    /** The number of a package. */
    numberOf({
      ecosystem = null,
      name,
      version = null,
    }: { [K in keyof IndexedPackage]: IndexedPackage[K] | null }): number {
      const line = JSON.stringify([ecosystem, name, version])
      const known = numbers.get(line)
      if (known !== undefined) return known
      put(line)
      numbers.set(line, numbers.size)
      return numbers.size - 1
    },
    repository(repository: IndexedRepository): void {
      put(JSON.stringify(repository))
    },
    /** Of the repository that was written last. @param contents numbers in any order, also twice */
    image(image: IndexedImage, contents: ImageContents): void {
      put(JSON.stringify({ ...image, ...inLine(contents) }))
    },
    /** Letters so far. */
    length: (): number => length,
    /** All lines, each with its break. */
    text: (): string => lines.map((line) => `${line}\n`).join(''),
  }
}

export type IndexWriter = ReturnType<typeof createIndexWriter>
