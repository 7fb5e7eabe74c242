type Keeping<R> = {
  readonly keyOf: (ref: R) => string
  /** Answers that are kept: the first one goes first. */
  readonly most: number
  /** Milliseconds after which it is asked for again; without it never, as for what cannot change. */
  readonly fresh?: number
  readonly now?: () => number
}

/** Asks once for all who ask about the same, also at the same time; what failed is asked again. */
export function kept<R, T>(
  { keyOf, most, fresh = Number.POSITIVE_INFINITY, now = Date.now }: Keeping<R>,
  ask: (ref: R) => Promise<T>,
): (ref: R) => Promise<T> {
  const answers = new Map<string, { readonly at: number; readonly answer: Promise<T> }>()
  return (ref) => {
    const key = keyOf(ref)
    const known = answers.get(key)
    if (known && now() - known.at < fresh) return known.answer
    const entry = { at: now(), answer: ask(ref) }
    answers.delete(key)
    answers.set(key, entry)
    entry.answer.catch(() => answers.get(key) === entry && answers.delete(key))
    const [first] = answers.keys()
    if (answers.size > most && first !== undefined) answers.delete(first)
    return entry.answer
  }
}
