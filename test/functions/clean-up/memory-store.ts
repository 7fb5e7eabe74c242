import type { Store, Stored } from '../../../functions/planning/store.ts'

/** A store that forgets itself. `files` is what it holds. */
export function memoryStore(name = 'memory') {
  const files = new Map<string, Stored>()
  let writes = 0
  const set = (key: string, text: string): true => {
    writes += 1
    files.set(key, { text, version: String(writes) })
    return true
  }
  const store: Store = {
    name,
    read: async (key) => files.get(key),
    create: async (key, text) => !files.has(key) && set(key, text),
    replace: async (key, text, version) => files.get(key)?.version === version && set(key, text),
    remove: async (key, version) => {
      if (files.get(key)?.version === version) files.delete(key)
      return !files.has(key)
    },
    list: async (prefix) => [...files.keys()].filter((key) => key.startsWith(prefix)).toSorted(),
  }
  return { store, files, set }
}
