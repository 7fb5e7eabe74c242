import type { Does, State, States } from './definition.ts'
import { Aborted, runtimeError, StateError } from './errors.ts'
import { runInline } from './inline-map.ts'
import type { Json, JsonObject } from './json.ts'
import { runDistributed } from './map-run.ts'
import type { Scope } from './path.ts'
import type { Progress } from './progress.ts'
import type { Retrier } from './retry.ts'
import type { Run } from './run.ts'
import { runTask } from './task.ts'

/** Bytes that the input or output of a state may have. */
export const MOST_BYTES = 262_144

type Step = { readonly output: Json; readonly next: string | undefined }

const contextOf = ({ name }: State, { context, ports }: Run, retries: number): JsonObject => ({
  ...context,
  State: { Name: name, EnteredTime: new Date(ports.now()).toISOString(), RetryCount: retries },
})

async function resultOf(state: State, does: Does, scope: Scope, progress: Progress, run: Run): Promise<Json> {
  const parameters = state.parameters?.(scope)
  if (does.kind === 'task') return runTask(does, parameters ?? scope.input, run)
  if (does.kind === 'inline') return runInline(does, scope, progress, run)
  if (does.kind === 'distributed') return runDistributed(does, state.name, scope, progress, run)
  return (does.kind === 'pass' ? does.result : undefined) ?? parameters ?? scope.input
}

function chosen(does: Does & { kind: 'choice' }, scope: Scope): string {
  const next = does.rules.find(({ test }) => test(scope))?.next ?? does.fallback
  if (next === undefined) throw new StateError('States.NoChoiceMatched', 'No rule of the choice holds.')
  return next
}

/** The state once, without its retries. */
async function perform(state: State, progress: Progress, run: Run, retries: number): Promise<Step> {
  const context = contextOf(state, run, retries)
  const scope = { input: state.input({ input: progress.input, context }), context }
  const { does, next } = state
  if (does.kind === 'fail') throw new StateError(does.error, does.cause)
  if (does.kind === 'choice') return { output: state.output(scope), next: chosen(does, scope) }
  if (does.kind === 'wait') {
    const now = run.ports.now()
    await run.ports.sleep(Math.max(0, does.until(scope, now) - now), run.signal)
  }
  if (does.kind === 'wait' || does.kind === 'succeed') return { output: state.output(scope), next }
  const result = await resultOf(state, does, scope, progress, run)
  const selected = state.selector ? state.selector({ input: result, context }) : result
  return { output: state.output({ input: state.place(progress.input, selected), context }), next }
}

function forgetMaps(progress: Progress): void {
  progress.iterations = undefined
  progress.mapRun = undefined
}

/** The state with its retries, or what catches its error. */
async function attempt(state: State, progress: Progress, run: Run): Promise<Step> {
  const tries = new Map<Retrier, number>()
  for (let retries = 0; ; retries++) {
    try {
      return await perform(state, progress, run, retries)
    } catch (error) {
      if (!(error instanceof StateError)) throw error
      const retrier = state.retriers.find((one) => one.matches(error))
      const tried = retrier ? (tries.get(retrier) ?? 0) : 0
      if (retrier && tried < retrier.attempts) {
        tries.set(retrier, tried + 1)
        forgetMaps(progress)
        await run.ports.sleep(retrier.waitMs(tried, run.ports.random()), run.signal)
        continue
      }
      const catcher = state.catchers.find((one) => one.matches(error))
      if (!catcher) throw error
      const told = { Error: error.error, Cause: error.reason }
      return { output: catcher.place(progress.input, told), next: catcher.next }
    }
  }
}

function checkSize(output: Json, name: string): void {
  if (Buffer.byteLength(JSON.stringify(output)) > MOST_BYTES)
    throw new StateError('States.DataLimitExceeded', `The output of ${name} has more than ${MOST_BYTES} bytes.`)
}

/**
 * Runs states one after the other until one ends, from where the progress is.
 * @returns the output of the last
 * @throws {StateError} the error that nothing caught; the progress stays at the state that it is of
 * @throws {Aborted}
 */
export async function runStates({ states }: States, progress: Progress, run: Run): Promise<Json> {
  for (;;) {
    if (run.signal.aborted) throw new Aborted()
    const state = states.get(progress.at)
    if (!state) throw runtimeError(`There is no state ${progress.at}.`)
    const { name, type } = state
    if (!progress.isEntered)
      run.history.add(`${type}StateEntered`, {
        stateEnteredEventDetails: { name, input: JSON.stringify(progress.input) },
      })
    progress.isEntered = true
    const { output, next } = await attempt(state, progress, run)
    checkSize(output, name)
    run.history.add(`${type}StateExited`, { stateExitedEventDetails: { name, output: JSON.stringify(output) } })
    if (next === undefined) return output
    forgetMaps(progress)
    Object.assign(progress, { at: next, input: output, isEntered: false })
  }
}
