import { COMMANDS, GROUPS } from '../commands.ts'
import type { Io } from '../io.ts'
import { TOPICS } from '../topics.ts'
import { type Answer, answerTo, type LookUp } from './answer.ts'
import { profileNames } from './profiles.ts'
import { repositoryNames } from './repositories.ts'
import { ruleNames } from './rule-names.ts'

const KNOWN = { commands: COMMANDS, groups: GROUPS, topics: TOPICS }

/** How the scripts of `@bomb.sh/tab`, which has it of Cobra, are told what to do beside offering words. */
const DIRECTIVES = { goesOn: 2, noFiles: 4 }

/** A word a line, behind a tab what it is; the last line is a colon and the sum of the directives. */
function asLines({ candidates, files, goesOn }: Answer): string {
  const lines = candidates.map(({ value, about }) => (about === '' ? value : `${value}\t${about}`))
  const directive = (files ? 0 : DIRECTIVES.noFiles) + (goesOn ? DIRECTIVES.goesOn : 0)
  return [...lines, `:${directive}`, ''].join('\n')
}

const lookUpIn =
  (io: Io): LookUp =>
  async (source, given) => {
    const [region, profile] = [given.get('--region'), given.get('--profile')]
    if (source === 'profile') return profileNames(io.env)
    if (source === 'repository') return repositoryNames({ region, profile }, io)
    return ruleNames()
  }

/**
 * What a completion script is answered. It says nothing of what went wrong: somebody is in the midst of a line.
 * @param words those after the name of the program; the last one is under the cursor
 */
export async function complete(words: readonly string[], io: Io): Promise<string> {
  try {
    return asLines(await answerTo(words, KNOWN, lookUpIn(io)))
  } catch {
    return asLines({ candidates: [], files: false, goesOn: false })
  }
}
