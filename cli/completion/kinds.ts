import type { Command } from '../command.ts'
import { FORMATS } from '../gate/formats.ts'
import type { Option } from '../option.ts'
import { SHELLS } from './shells.ts'

/** What has to be looked up. */
export type Source = 'repository' | 'rule' | 'profile'

/** What a word is: one of a few, a file, one of a source, or the beginning of one (`image`). */
export type Kind = readonly string[] | 'file' | 'image' | Source | undefined

/** By the word that the help has for it, in capitals. What is not here is left to whoever types. */
const KINDS: Readonly<Record<string, Kind>> = {
  ...{ FILE: 'file', PLAN: 'file', POLICY: 'file', OLD: 'file', NEW: 'file', PLACE: 'file', FOLDER: 'file' },
  ...{ REPOSITORY: 'repository', SUBJECT: 'repository', IMAGE: 'image', RULE: 'rule', SHELL: SHELLS },
  'FORMAT[=FILE]': Object.keys(FORMATS),
}

/** Options with a `NAME`, which says nothing. */
const BY_OPTION: Readonly<Record<string, Kind>> = { '--rule <NAME>': 'rule', '--profile <NAME>': 'profile' }

/** `<fail|pass>` are the words themselves. */
const kindOf = (word: string): Kind =>
  KINDS[word] ?? (/^[a-z-]+(?:\|[a-z-]+)+$/.test(word) ? word.split('|') : undefined)

export function kindOfOption({ flags, words }: Option): Kind {
  const [, word = ''] = /<(.*)>$/.exec(flags) ?? []
  return words ?? BY_OPTION[flags] ?? kindOf(word)
}

/** @param position from 0; what comes after the last one is as that, where it may be given several times */
export function kindOfArgument({ argument }: Command, position: number): Kind {
  const terms = argument?.term.split(' ') ?? []
  const last = terms.at(-1) ?? ''
  const term = terms[position] ?? (last.includes('...') ? last : '')
  return kindOf(term.replace(/^[<[]|(?:\.\.\.)?[>\]]$/g, ''))
}
