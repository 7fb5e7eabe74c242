import { readFileSync, statSync } from 'node:fs'
import { relative, resolve } from 'node:path'

const MOST_BYTES = 1_000_000

/** The text of a file, or what is wrong with the file in words, without a full stop. */
export type TextFile = { readonly text: string } | { readonly problem: string; readonly isMissing?: boolean }

const REASONS: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) => `not found in ${resolve(path, '..')}`,
  ENOTDIR: (path) => `not found: ${resolve(path, '..')} is not a folder`,
  EACCES: () => 'may not be read by this user. Give it the right to: chmod u+r on the file, u+x on its folders',
  EPERM: () => 'may not be read by this user. Give it the right to: chmod u+r on the file, u+x on its folders',
  ELOOP: () => 'is a link that leads back to itself. Replace it by the file',
}

/** As seen from where the command was run, so that an editor's terminal can open it. */
export const nearPath = (path: string): string => {
  const near = relative(process.cwd(), path)
  return near === '' || near.startsWith('..') ? path : near
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : 'unknown')

function readBytes(path: string): Buffer | string {
  const found = statSync(path)
  if (found.isDirectory()) return 'is a folder, expected a file. Give the path of the file in it'
  if (!found.isFile()) return 'is not a regular file. Give the path of a file'
  if (found.size > MOST_BYTES)
    return `has ${found.size} bytes, expected at most ${MOST_BYTES}. Check that it is the right file`
  return readFileSync(path)
}

function decode(bytes: Buffer): TextFile {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    return { problem: 'is not UTF-8 text. Save it again as UTF-8' }
  }
}

/** Reads a small text file. Never throws. */
export function readText(path: string): TextFile {
  try {
    const read = readBytes(path)
    return typeof read === 'string' ? { problem: read } : decode(read)
  } catch (error) {
    const code = codeOf(error)
    const problem = REASONS[code]?.(path) ?? `cannot be read (${code}). Check the file and its folder`
    return { problem, isMissing: code === 'ENOENT' }
  }
}
