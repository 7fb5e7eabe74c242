import type { Io } from '../io.ts'

const ONE_BATCH = 'It stops after the batch that is under way. Ctrl-C again ends it at once; the next run finds out.'

/**
 * Has Ctrl-C end a run after what it is at: the first time it is asked to, the second time it is ended as anything else is.
 * @param words what is told then
 * @returns whether it was asked to, and what puts everything back
 */
export function watchInterruption({ stderr }: Io, words = ONE_BATCH) {
  const others = process.listeners('SIGINT')
  let wasAsked = false
  // Never without any listener: a signal that comes just then would end the process without a word.
  const end = (): void => {
    for (const listener of others) if (!process.listeners('SIGINT').includes(listener)) process.on('SIGINT', listener)
    process.removeListener('SIGINT', ask)
  }
  function ask(): void {
    wasAsked = true
    stderr.write(`\n${words}\n`)
    end()
  }
  process.on('SIGINT', ask)
  for (const listener of others) process.removeListener('SIGINT', listener)
  return { wasAsked: (): boolean => wasAsked, end }
}
