import type { Does } from './definition.ts'
import { Aborted, runtimeError, StateError } from './errors.ts'
import { isJsonObject, type Json } from './json.ts'
import type { Run } from './run.ts'

/** @throws {Aborted} as soon as it is aborted; what was begun goes on by itself */
function untilAborted<T>(job: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new Aborted())
    signal.addEventListener('abort', stop, { once: true })
    job.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

async function within(job: Promise<Json>, timeoutMs: number, { ports, signal }: Run): Promise<Json> {
  const done = new AbortController()
  const late = ports.sleep(timeoutMs, AbortSignal.any([signal, done.signal])).then(() => {
    throw new StateError('States.Timeout', `The task took longer than ${timeoutMs / 1_000} s.`)
  })
  try {
    return await Promise.race([job, late])
  } finally {
    late.catch(() => undefined)
    done.abort()
  }
}

async function invokeByIntegration(given: Json, run: Run): Promise<Json> {
  const { FunctionName: name, Payload: payload = {} } = isJsonObject(given) ? given : {}
  if (typeof name !== 'string') throw runtimeError('The FunctionName of lambda:invoke is no text.')
  const answer = await run.ports.invoke(name, payload)
  const http = { SdkHttpMetadata: { HttpStatusCode: 200 }, StatusCode: 200 }
  return { ExecutedVersion: '$LATEST', Payload: answer, ...http }
}

/**
 * A function, by its own ARN with its answer as the result, or through `lambda:invoke`, whose result has it as `Payload`.
 * @param given what Parameters give, or the input of the state
 * @throws {StateError}
 */
export async function runTask(task: Does & { kind: 'task' }, given: Json, run: Run): Promise<Json> {
  const { resource, timeoutMs } = task
  const isIntegration = resource.endsWith(':lambda:invoke')
  const job = untilAborted(
    isIntegration ? invokeByIntegration(given, run) : run.ports.invoke(resource, given),
    run.signal,
  )
  try {
    return await (timeoutMs === undefined ? job : within(job, timeoutMs, run))
  } catch (error) {
    if (error instanceof StateError) {
      const told = { error: error.error, cause: error.reason }
      const taskFailedEventDetails = { resourceType: 'lambda', resource: 'invoke', ...told }
      if (isIntegration) run.history.add('TaskFailed', { taskFailedEventDetails })
      else run.history.add('LambdaFunctionFailed', { lambdaFunctionFailedEventDetails: told })
    }
    throw error
  }
}
