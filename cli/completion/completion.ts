import { show } from '../../config/fault.ts'
import { didYouMean, oneOf } from '../../config/suggest.ts'
import { CommandError } from '../command-error.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import { BASH } from './bash.ts'
import { SHELLS } from './shells.ts'
import { tabScript } from './tab.ts'

/** Writes the script that has a shell complete the command line. @throws {CommandError} for a shell that there is none for */
export function completion(name: string, { stdout }: Io): Exit {
  const shell = SHELLS.find((one) => one === name)
  if (shell === undefined)
    throw new CommandError(
      'usage',
      `There is no completion for ${show(name)}${didYouMean(name, SHELLS) || `. Expected: ${oneOf(SHELLS)}.`}`,
    )
  stdout.write(shell === 'bash' ? BASH : tabScript(shell))
  return 'pass'
}
