import { script } from '@bomb.sh/tab'
import { NAME } from '../program.ts'
import type { Shell } from './shells.ts'

/** The script of a shell, of `@bomb.sh/tab`: the only file that knows it. It writes to the console and to nowhere else. */
export function tabScript(shell: Exclude<Shell, 'bash'>): string {
  const { log } = console
  let text = ''
  console.log = (written: string) => {
    text += `${written}\n`
  }
  try {
    script(shell, NAME, NAME)
  } finally {
    console.log = log
  }
  return text
}
