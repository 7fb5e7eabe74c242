import { columnsOf, oneLine } from './terminal.ts'

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
/** Milliseconds between two pictures. */
const PACE = 100

/**
 * One line that says how far a run is, on a terminal alone.
 * @param label asked for again with every picture
 * @returns what takes it away
 */
export function showProgress(stream: NodeJS.WriteStream, label: () => string): () => void {
  if (!stream.isTTY) return () => {}
  let frame = 0
  const draw = (): void => {
    frame += 1
    const text = oneLine(label(), columnsOf(stream) - 3)
    stream.write(`\r\u001b[2K${FRAMES[frame % FRAMES.length]} ${text}`)
  }
  const timer = setInterval(draw, PACE)
  return () => {
    clearInterval(timer)
    stream.write('\r\u001b[2K')
  }
}
