import { once } from 'node:events'

/** Characters that are written at once. */
const MUCH = 65_536

/** Writes a long text as it is made: no more of it is held than the reader leaves waiting. */
export async function writeParts(stream: NodeJS.WriteStream, parts: Iterable<string>): Promise<void> {
  let held = ''
  for (const part of parts) {
    held += part
    if (held.length < MUCH) continue
    const isFree = stream.write(held)
    held = ''
    if (!isFree) await once(stream, 'drain')
  }
  if (held !== '') stream.write(held)
}
