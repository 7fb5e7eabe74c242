import pLimit from 'p-limit'
import { Aborted, runtimeError } from './errors.ts'
import { runStates } from './flow.ts'
import type { Json } from './json.ts'
import type { Inline } from './map-definition.ts'
import type { Scope } from './path.ts'
import type { Iteration, Progress } from './progress.ts'
import type { Run } from './run.ts'

/** The list that a map goes through. @throws {StateError} */
export function listIn(value: Json, what: string): readonly Json[] {
  if (Array.isArray(value)) return value
  throw runtimeError(`${what} is no list.`)
}

/** What an item is for its processor. */
export function selected(map: Pick<Inline, 'select'>, scope: Scope, value: Json, index: number): Json {
  const context = { ...scope.context, Map: { Item: { Index: index, Value: value } } }
  return map.select ? map.select({ input: scope.input, context }) : value
}

function iterationsOf(map: Inline, scope: Scope): Iteration[] {
  const items = listIn(map.items ? map.items.read(scope) : scope.input, 'What the map is given')
  return items.map((value, index) => ({
    ...{ index, value },
    progress: { at: map.processor.startAt, input: selected(map, scope, value, index) },
  }))
}

/**
 * Runs the iterations of an inline map, those alone that have not ended well before. The first failure ends the others.
 * @throws {StateError} the first error
 */
export async function runInline(map: Inline, scope: Scope, progress: Progress, run: Run): Promise<Json> {
  progress.iterations ??= iterationsOf(map, scope)
  const { iterations } = progress
  const [failed, limit] = [new AbortController(), pLimit(map.concurrency)]
  const signal = AbortSignal.any([run.signal, failed.signal])
  const errors: unknown[] = []
  const iterate = async (iteration: Iteration): Promise<void> => {
    const { index, value } = iteration
    const context = { ...run.context, Map: { Item: { Index: index, Value: value } } }
    try {
      iteration.output = await runStates(map.processor, iteration.progress, { ...run, signal, context })
    } catch (error) {
      errors.push(error)
      failed.abort()
    }
  }
  const left = iterations.filter(({ output }) => output === undefined)
  await Promise.all(left.map((iteration) => limit(iterate, iteration)))
  const [first] = errors
  if (first !== undefined) throw errors.find((error) => !(error instanceof Aborted)) ?? first
  return iterations.map(({ output }) => output ?? null)
}
