import { show } from './fault.ts'
import { createPolicies, HOW_PATHS_ARE_SEEN, type Policies, type ReadFile } from './policy-files.ts'
import { publicKey } from './public-key.ts'
import type { TextFile } from './text-file.ts'
import { trustedRoot } from './trusted-root.ts'

type Wrong = { readonly problem: string }

/** Files of one kind that a configuration names. */
export type FilesOf<T> = {
  /** Undefined where it has a fault. */
  get(name: string): T | undefined
  /** What is wrong with a file, in words. */
  faultOf(name: string): string | undefined
}

/** All files that a configuration names, by what they hold. */
export type NamedFiles = {
  readonly policies: Policies
  readonly keys: FilesOf<{ readonly pem: string }>
  readonly roots: FilesOf<{ readonly root: object }>
}

function filesOf<T extends object>(readFile: ReadFile, parse: (text: string) => T | Wrong): FilesOf<T> {
  const known = new Map<string, T | Wrong>()
  const opened = (file: TextFile): T | Wrong => {
    if ('text' in file) return parse(file.text)
    return { problem: `${file.problem}${file.isMissing ? HOW_PATHS_ARE_SEEN : ''}` }
  }
  const read = (name: string): T | Wrong => {
    const result = known.get(name) ?? opened(readFile(name))
    known.set(name, result)
    return result
  }
  return {
    get(name) {
      const result = read(name)
      return 'problem' in result ? undefined : result
    },
    faultOf(name) {
      const result = read(name)
      return 'problem' in result ? `${show(name)}: ${result.problem}` : undefined
    },
  }
}

/** The files that a configuration names; each is read once. */
export const namedFiles = (readFile: ReadFile): NamedFiles => ({
  policies: createPolicies(readFile),
  keys: filesOf(readFile, publicKey),
  roots: filesOf(readFile, trustedRoot),
})
