import type { Alert } from '../alert.ts'
import { type Subject, shortName } from '../registry.ts'
import type { TagInQuarantine } from './quarantine.ts'

/** A tag that stays where it is, with why: `tags of the repository are immutable`. */
export type TagLeft = { readonly tag: string; readonly why: string }

/** What an alert says of the quarantine of an image. */
export type QuarantineTold = {
  /** Rules that it is in quarantine for. */
  readonly rules: readonly string[]
  readonly moved: readonly TagInQuarantine[]
  readonly left: readonly TagLeft[]
  /** It is in quarantine, and all that it is there for passes by now. */
  readonly passes: boolean
  /** The line that releases it. */
  readonly command: string
}

/** Tags that are listed; more are counted. */
const LISTED = 20

type Said = Partial<Pick<Alert, 'title' | 'summary' | 'todo' | 'command'>>

function saidOf({ rules, moved, left, passes, command }: QuarantineTold, subject: Subject): Said {
  const [first] = moved
  if (first)
    return {
      title: `In quarantine: ${shortName({ ...subject, tags: [first.tag] })}, ${rules.join(', ')}`,
      todo: 'Nothing new is deployed by its tags, and what runs it goes on. Mend it and push it again; this shows how it is released:',
      command,
    }
  if (passes)
    return {
      title: `Passes now, and is in quarantine: ${shortName(subject)}`,
      todo: 'Its tags are not given back by themselves. This shows how they are:',
      command,
    }
  return left.length > 0 ? { title: `Not in quarantine: ${shortName(subject)}, ${rules.join(', ')}` } : {}
}

/** What is put in place of the parts of an alert, and beside them. */
export type QuarantineParts = Said & Pick<Alert, 'facts' | 'notices'>

/** The parts of the alert on an image that its quarantine changes. */
export function quarantineParts(told: QuarantineTold, subject: Subject): QuarantineParts {
  const { moved, left } = told
  const more = moved.length - LISTED
  return {
    ...saidOf(told, subject),
    facts: [
      ...moved.slice(0, LISTED).map(({ tag, as }) => ({ name: 'Quarantine', value: `${tag} is ${as} now` })),
      ...(more > 0 ? [{ name: 'Quarantine', value: `and ${more} more tags` }] : []),
    ],
    notices: left.slice(0, LISTED).map(({ tag, why }) => `The tag ${tag} is not in quarantine: ${why}.`),
  }
}
