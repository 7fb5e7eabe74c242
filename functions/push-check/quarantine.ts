import type { Result } from '../batch.ts'
import { eventsOf, isPatient } from '../delivery.ts'
import type { RepositorySettings } from '../domain/facts/repository-facts.ts'
import { listed } from '../domain/listed.ts'
import { releaseCommand } from '../domain/quarantine/command.ts'
import {
  asking,
  heeding,
  NO_QUARANTINE,
  passesNow,
  type Quarantine,
  rulesOnTags,
  tagsIn,
} from '../domain/quarantine/quarantine.ts'
import { ordinaryTags } from '../domain/quarantine/tags.ts'
import type { QuarantineTold } from '../domain/quarantine/telling.ts'
import { registryKey, tableArn } from '../domain/registry.ts'
import type { Verdict } from '../domain/verdict.ts'
import type { Claim } from '../memory.ts'
import { quarantine } from '../policy/quarantine/quarantine.ts'
import { detailIn, readOf } from './decide.ts'
import type { Gathered } from './gather.ts'
import { type Group, hasQuarantine } from './group.ts'
import type { ImageState } from './image-state.ts'
import type { Deps } from './ports.ts'

/** What there is to say of the quarantine of an image, and to remember. */
export type QuarantineNews = {
  readonly told: QuarantineTold | undefined
  /** Whether it has to be told now. */
  readonly rings: boolean
  readonly next: Quarantine | undefined
}

const NOTHING: QuarantineNews = { told: undefined, rings: false, next: undefined }

const ONLY_READ = 'nothing is put in quarantine in this registry, where the steward only reads'

/** The line that releases an image; for whoever works in another registry than that of the stack, with the table of the stack. */
function commandFor(image: Group['image'], { home, ports }: Deps): string {
  const isHome = registryKey(image) === registryKey(home)
  return releaseCommand(image, isHome ? undefined : tableArn(home, ports.table))
}

type About = {
  readonly group: Group
  readonly deps: Deps
  readonly gathered: Gathered
  readonly claim: Claim<ImageState>
  readonly verdicts: readonly Verdict[]
  readonly now: Date
}

async function moved({ group, deps, gathered, claim, verdicts, now }: About) {
  const { told: state = { told: {}, events: [] } } = claim
  const known = state.quarantine ?? NO_QUARANTINE
  const [image, command] = [{ ...group.image, tags: detailIn(gathered)?.tags ?? [] }, commandFor(group.image, deps)]
  const { image: rules } = group.rules
  const heeded = { tags: ordinaryTags(image.tags), onTags: rulesOnTags(rules) }
  const { why, released } = heeding(known.released, asking(rules, verdicts), heeded)
  const before = { ...known, ...(released && { released }) }
  const { tags, hands, mayWrite } = deps.ports.registries(image)
  const stays = why.length === 0 ? [] : ordinaryTags(image.tags)
  if (!mayWrite) return { why, next: before, moved: [], left: stays.map((tag) => ({ tag, why: ONLY_READ })) }
  const ends = await quarantine({
    ...{ image, why, before, now, command, events: eventsOf(group), isPatient: isPatient(group) },
    settings: readOf<RepositorySettings>(gathered.repository.facts.settings),
    hands: { ...hands, tags },
    keep: (next) => claim.keep({ ...state, quarantine: next }),
  })
  return { why, ...ends }
}

/**
 * Brings an image that fails into quarantine where a rule asks for it, and goes on with what a crash cut off. One that is in
 * quarantine and passes by now is told once, and stays there.
 * @throws {Later} while something may succeed later, and there is patience
 */
export async function quarantineOf(about: About): Promise<QuarantineNews> {
  const { group, deps, gathered, claim, verdicts } = about
  const before = claim.told?.quarantine
  if (!hasQuarantine(group) && !before) return NOTHING
  const ends = await moved(about)
  const tags = detailIn(gathered)?.tags ?? []
  const isThere = tagsIn(ends.next).some(({ as }) => tags.includes(as))
  const passes = ends.moved.length === 0 && isThere && passesNow(ends.next, verdicts)
  const { passes: wasTold, ...next } = ends.next
  const why = ends.moved.length > 0 || passes ? next.why : ends.why
  // What is unknown for once takes nothing back: it is told anew only after it failed again.
  const isTold = passes || (wasTold === true && ends.why.length === 0)
  return {
    told: {
      ...{ moved: ends.moved, left: ends.left, passes, command: commandFor(group.image, deps) },
      rules: why.map(({ rule }) => rule),
    },
    rings: ends.moved.length > 0 || (passes && !wasTold),
    next: { ...next, ...(isTold && { passes: true }) },
  }
}

/** A line for the log of what was moved. */
export const quarantineLines = ({ told }: QuarantineNews): readonly Result[] =>
  told && told.moved.length > 0
    ? [{ outcome: 'quarantined', reason: listed(told.moved.map(({ tag, as }) => `${tag} is ${as} now`)) }]
    : []
