import { StateError } from '../../../../local/aws/states/errors.ts'
import type { Execution } from '../../../../local/aws/states/execution.ts'
import type { Json } from '../../../../local/aws/states/json.ts'
import { StateMachines } from '../../../../local/aws/states/state.ts'
import { createClock } from '../../../../local/clock.ts'

type Functions = Readonly<Record<string, (payload: never) => Json | Promise<Json>>>

export const START = Date.parse('2030-01-01T00:00:00Z')
export const lambda = (name: string): string => `arn:aws:lambda:eu-west-1:123456789012:function:${name}`

/** Fails as a function does. */
export function fail(error: string, cause = 'no'): never {
  throw new StateError(error, cause)
}

/** Machines whose functions and objects are in this process. */
export function machines(functions: Functions = {}, objects: Readonly<Record<string, string>> = {}) {
  const clock = createClock(START)
  const state = new StateMachines({ account: '123456789012', region: 'eu-west-1', clock, url: () => '' })
  const written = new Map<string, string>()
  const ports = {
    invoke: async (arn: string, payload: Json) => functions[arn.split(':').at(-1) ?? '']?.(payload as never) ?? null,
    readObject: async (bucket: string, key: string) => objects[`${bucket}/${key}`] ?? fail('States.ItemReaderFailed'),
    writeObject: async (bucket: string, key: string, body: string) => void written.set(`${bucket}/${key}`, body),
  }
  /** Until all has ended, as a settlement does. */
  async function settle(): Promise<void> {
    for (;;) {
      const task = state.quiet.start()
      const next = state.quiet.nextAt()
      if (task) await task
      else if (next === undefined) return
      else clock.advanceTo(next)
    }
  }
  function begin(definition: Json, input: Json = {}): Execution {
    const name = `m${state.machines.size}`
    const { arn } = state.createMachine({ name, roleArn: 'arn:role', definition: JSON.stringify(definition), ports })
    return state.start(arn, input)
  }
  async function run(definition: Json, input: Json = {}): Promise<Execution> {
    const execution = begin(definition, input)
    await settle()
    return execution
  }
  return { state, clock, written, settle, begin, run }
}

/** A machine of some states, the first of which begins. */
export const machineOf = (states: Readonly<Record<string, Json>>, more: object = {}): Json => ({
  ...{ StartAt: Object.keys(states)[0] ?? '', States: states },
  ...more,
})

/** What becomes of an input in one state that ends. */
export async function outcomeOf(state: object, input: Json = {}, functions: Functions = {}) {
  const { status, output, failure } = await machines(functions).run(
    machineOf({ A: { ...state, End: true } as Json }),
    input,
  )
  return status === 'SUCCEEDED' ? output : `${failure?.error}: ${failure?.reason}`
}
