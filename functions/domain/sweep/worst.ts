type Kept<Value> = { readonly score: number; readonly name: string; readonly value: Value; readonly bytes: number }

type Place = Pick<Kept<unknown>, 'score' | 'name'>

/** Negative where `a` is worse. */
const inOrder = (a: Place, b: Place): number => a.score - b.score || (a.name < b.name ? -1 : 1)

/** What is kept of those with the lowest scores. */
export type Worst<Value> = {
  /** @param make what to keep; asked for only where there may be room for it */
  readonly offer: (score: number, name: string, make: () => Value) => void
  readonly get: (name: string) => Value | undefined
}

/**
 * Keeps values, lowest scores first, as long as their JSON is within so many bytes together. Whatever the order in which
 * they come, in the end it is the same ones: what did not fit once is not taken later, nor what comes after it.
 */
export function keepWorst<Value>(budget: number): Worst<Value> {
  const kept: Kept<Value>[] = []
  let bytes = 0
  let cut: Place | undefined

  const insert = (one: Kept<Value>): void => {
    const at = kept.findIndex((other) => inOrder(one, other) < 0)
    kept.splice(at < 0 ? kept.length : at, 0, one)
    bytes += one.bytes
  }
  return {
    offer(score, name, make) {
      if (cut && inOrder({ score, name }, cut) > 0) return
      const value = make()
      insert({ score, name, value, bytes: Buffer.byteLength(JSON.stringify(value)) })
      while (bytes > budget) {
        const last = kept.pop() as Kept<Value>
        bytes -= last.bytes
        cut = last
      }
    },
    get: (name) => kept.find((one) => one.name === name)?.value,
  }
}
