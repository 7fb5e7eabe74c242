import { createInterface } from 'node:readline/promises'
import type { Io } from '../io.ts'

/** Whether somebody sits there who can answer. */
export const isInteractive = ({ stdin = process.stdin, stderr }: Io): boolean =>
  (stdin as NodeJS.ReadStream).isTTY === true && stderr.isTTY === true

/**
 * Asks on stderr for a text to be typed.
 * @returns `other` also where the input ends, as by Ctrl-D; `interrupted` by Ctrl-C
 */
export async function askFor(
  expected: string,
  question: string,
  { stdin = process.stdin, stderr }: Io,
): Promise<'typed' | 'other' | 'interrupted'> {
  const reader = createInterface({ input: stdin, output: stderr, terminal: true })
  try {
    return await new Promise((resolve) => {
      reader.once('SIGINT', () => resolve('interrupted'))
      reader.once('close', () => resolve('other'))
      reader.question(question).then(
        (answer) => resolve(answer.trim() === expected ? 'typed' : 'other'),
        () => resolve('other'),
      )
    })
  } finally {
    reader.close()
  }
}
