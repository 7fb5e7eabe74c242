import { digestOf, isDigest } from '../../functions/policy/image/digest.ts'
import type { Io } from '../io.ts'
import { fileOf, isThere } from './files.ts'

/** What is signed: bytes where it is a file. */
export type Artifact = { readonly digest: string; readonly bytes?: Buffer }

/** A digest is meant where no file has that name. @throws {CommandError} where the file cannot be read */
export function artifactOf(word: string, io: Io): Artifact {
  if (isDigest(word) && !isThere(word, io)) return { digest: word }
  const bytes = fileOf(word, io, 'The artifact')
  return { digest: digestOf(bytes), bytes }
}
