import * as v from 'valibot'
import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import { type Finding, findingKey } from '../domain/finding.ts'
import type { Store, Stored } from '../planning/store.ts'
import { KEYS } from './contract.ts'
import { orUndefined } from './kept.ts'

/** Findings of a repository that are remembered: of what is beyond, every sweep says that it is new. */
const MOST = 50_000
/** How long what is gone is remembered: a scan that fails for some days makes nothing new. Milliseconds. */
const LIFE = 30 * 24 * 60 * 60_000

const Instant = v.pipe(v.string(), v.isoTimestamp())
const StateSchema = v.object({
  /** By `findingKey`: when it was first and last seen in the repository. */
  findings: v.record(v.string(), v.object({ seen: Instant, last: Instant })),
})

type Times = v.InferOutput<typeof StateSchema>['findings'][string]

/** When findings of a repository were first seen, by this sweep or one before. */
export type FirstSeen = {
  /** ISO 8601 instant. What was not seen before is seen now. */
  of(finding: Finding): string
  /** Remembers it. What cannot be written costs the ages of what is new, and nothing else. */
  save(): Promise<void>
}

/** What cannot be understood is as nothing: it is written over. */
function parsed(text: string): ReadonlyMap<string, Times> {
  try {
    return new Map(Object.entries(v.parse(StateSchema, JSON.parse(text)).findings))
  } catch {
    return new Map()
  }
}

const isRemembered = ({ last }: Times, now: Date): boolean => now.getTime() - Date.parse(last) < LIFE

async function write(store: Store, key: string, was: Stored | undefined, text: string): Promise<void> {
  // Who was faster has judged the same repository in the same minutes: its word is as good.
  await orUndefined(was === undefined ? store.create(key, text) : store.replace(key, text, was.version))
}

/**
 * What is remembered of a repository. A store that cannot be read or written stops nothing: everything is new then, and
 * nothing that it holds is lost.
 */
export async function openFirstSeen(store: Store, ref: RepositoryRef, now: Date): Promise<FirstSeen> {
  const key = KEYS.firstSeen(ref)
  const answer = await orUndefined(store.read(key).then((stored) => ({ stored })))
  const was = answer?.stored
  const before = was === undefined ? new Map<string, Times>() : parsed(was.text)
  const [at, seen] = [now.toISOString(), new Map<string, Times>()]
  return {
    of(finding) {
      const name = findingKey(finding)
      const first = before.get(name)?.seen ?? at
      if (seen.size < MOST) seen.set(name, { seen: first, last: at })
      return first
    },
    async save() {
      if (!answer) return
      const gone = [...before].filter(([name, times]) => !seen.has(name) && isRemembered(times, now))
      const findings = Object.fromEntries([...seen, ...gone.slice(0, Math.max(0, MOST - seen.size))])
      if (was !== undefined || seen.size > 0) await write(store, key, was, JSON.stringify({ findings }))
    },
  }
}
