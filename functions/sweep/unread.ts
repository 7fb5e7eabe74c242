import type { AnyFacts } from '../domain/rule/rule.ts'

/** What a repository or registry is read for, by the name of the value. */
export const PARTS = {
  settings: 'its settings',
  lifecyclePolicy: 'its lifecycle policy',
  policy: 'its policy',
  tags: 'its tags',
  scanning: 'how the registry scans',
  replication: 'its replication',
  cacheRules: 'its pull-through cache rules',
} as const

/** What an image is read for. */
const PARTS_OF_IMAGES: Readonly<Record<string, string>> = {
  manifest: 'the manifest',
  content: 'the configuration',
  scan: 'the scan',
  bases: 'the known base images',
}

/** Sentences that are kept: each is a reason of its own. */
const MOST = 20
/** Reasons that are told apart: of a million images each may have its own. */
const MOST_REASONS = 1_000
const OTHER = 'other parts, for other reasons'

const nameOf = (name: string): string => (PARTS as Readonly<Record<string, string>>)[name] ?? name

function* whyNot(facts: AnyFacts): Generator<readonly [name: string, why: string]> {
  for (const [name, fact] of Object.entries(facts)) if ('unread' in fact) yield [name, fact.unread]
}

/** What could not be read, in words: the same of many images is one sentence. */
export function createUnread() {
  const [sentences, images] = [new Set<string>(), new Map<string, number>()]
  // Readings end in any order.
  const inWords = (): readonly string[] => [
    ...[...sentences].toSorted(),
    ...[...images].map(([what, count]) => (count === 1 ? `of an image, ${what}` : `of ${count} images, ${what}`)),
  ]
  return {
    add: (what: string, why: string): void => void sentences.add(`${what}: ${why}`),
    /** Of a repository or a registry. */
    addFacts(facts: AnyFacts): void {
      for (const [name, why] of whyNot(facts)) sentences.add(`${nameOf(name)}: ${why}`)
    },
    addImage(facts: AnyFacts): void {
      for (const [name, why] of whyNot(facts)) {
        const said = `${PARTS_OF_IMAGES[name] ?? name}: ${why}`
        const what = images.has(said) || images.size < MOST_REASONS ? said : OTHER
        images.set(what, (images.get(what) ?? 0) + 1)
      }
    },
    end(): readonly string[] {
      const all = inWords()
      return all.length > MOST ? [...all.slice(0, MOST), `and ${all.length - MOST} parts more`] : all
    },
  }
}

export type Unread = ReturnType<typeof createUnread>
