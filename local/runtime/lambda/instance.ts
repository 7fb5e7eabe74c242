import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { type FunctionError, openRuntimeApi, type RuntimeApi } from '../runtime-api.ts'
import { environmentOf, type LambdaFunction } from './function.ts'
import { type LogEntry, LogReader } from './logs.ts'

/** What became of one invocation. */
export type Completed = {
  readonly requestId: string
  /** JSON text; absent when the invocation failed. */
  readonly response?: string
  readonly error?: FunctionError
  readonly logs: readonly LogEntry[]
  /** Real milliseconds from the hand-over to the answer. */
  readonly durationMs: number
  /** Real milliseconds from the start of the process to its first request for work; with its first invocation only. */
  readonly initMs?: number
}

const BOOTSTRAP = join(import.meta.dirname, '../bootstrap.cjs')
/** Lambda gives the initialisation as long. */
const INIT_TIMEOUT_MS = 10_000

const alive = new Set<ChildProcess>()
// A process also ends by itself when its standard input closes; this is for one that is busy when we leave.
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL')
})

/** A tenth of the memory for new objects and the rest for old ones, as Lambda's own start script divides it. */
const heapOf = (memoryMb: number): string[] => [
  `--max-semi-space-size=${Math.floor(memoryMb / 20)}`,
  `--max-old-space-size=${Math.floor(memoryMb * 0.9)}`,
]

type Running = { readonly requestId: string; readonly started: number; readonly finish: (completed: Completed) => void }

const exitMessage = (code: number | null, signal: string | null): string => {
  if (signal) return `Runtime exited with error: signal: ${signal}`
  return code ? `Runtime exited with error: exit status ${code}` : 'Runtime exited without providing a reason'
}

/** One process of a function, for one invocation at a time; warm from one to the next. */
export class Instance {
  readonly #lambda: LambdaFunction
  readonly #initTimeoutMs: number
  readonly #logs: LogReader
  readonly #started = performance.now()
  readonly #initialised = Promise.withResolvers<void>()
  readonly #gone = Promise.withResolvers<void>()
  #api: RuntimeApi | undefined
  #child: ChildProcess | undefined
  #initMs: number | undefined
  #initTold = false
  /** Why it cannot be used any more. */
  #failure: FunctionError | undefined
  #running: Running | undefined
  #answer: { readonly response?: string; readonly error?: FunctionError } | undefined
  #outputEnded = false
  #over = false

  constructor(lambda: LambdaFunction, initTimeoutMs: number = INIT_TIMEOUT_MS) {
    this.#lambda = lambda
    this.#initTimeoutMs = initTimeoutMs
    this.#logs = new LogReader((requestId) => this.#onOutputEnd(requestId))
    this.#start().catch((error: Error) => {
      this.#failure = { type: 'Runtime.StartError', message: error.message }
      this.#end()
    })
  }

  get usable(): boolean {
    return !this.#over && !this.#failure
  }

  /** Runs the handler once. It never rejects: what fails is in the result. */
  async invoke(payload: string): Promise<Completed> {
    await this.#initialised.promise
    const requestId = randomUUID()
    const started = performance.now()
    if (!this.usable || !this.#api) return this.#failed(requestId, started)
    const { promise, resolve } = Promise.withResolvers<Completed>()
    this.#running = { requestId, started, finish: resolve }
    const { clock, timeoutMs, arn } = this.#lambda
    const timer = setTimeout(() => this.#timeOut(requestId), timeoutMs)
    this.#api.assign({
      requestId,
      payload,
      deadline: clock.now() + timeoutMs,
      functionArn: arn,
      clockOffset: clock.offset,
    })
    return promise.finally(() => clearTimeout(timer))
  }

  /** Ends the process and waits until it is gone. */
  async stop(): Promise<void> {
    this.#failure ??= { type: 'Runtime.Stopped', message: 'the local run was closed' }
    this.#child?.kill('SIGKILL')
    await this.#gone.promise
  }

  async #start(): Promise<void> {
    this.#api = await openRuntimeApi({
      onReady: () => this.#onReady(),
      onResponse: (_, response) => this.#onAnswer({ response }),
      onError: (_, error) => this.#onAnswer({ error }),
      onInitError: (error) => {
        this.#failure = error
      },
    })
    if (this.#failure) return this.#end()
    const { code, memoryMb } = this.#lambda
    const child = spawn(process.execPath, [...heapOf(memoryMb), BOOTSTRAP], {
      cwd: code,
      env: environmentOf(this.#lambda, this.#api.address),
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    this.#watch(child)
  }

  #watch(child: ChildProcess): void {
    this.#child = child
    alive.add(child)
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (chunk: string) => this.#logs.read(chunk))
    // Written to by nobody; a process that ends closes it early.
    child.stdin?.on('error', () => undefined)
    const timer = setTimeout(() => this.#kill('Sandbox.Timedout', 'Init phase timed out'), this.#initTimeoutMs)
    this.#initialised.promise.finally(() => clearTimeout(timer))
    child.on('error', (error) => {
      this.#failure ??= { type: 'Runtime.StartError', message: error.message }
      this.#end()
    })
    child.on('close', (code, signal) => {
      this.#failure ??= { type: 'Runtime.ExitError', message: exitMessage(code, signal) }
      this.#end()
    })
  }

  #kill(type: string, message: string): void {
    this.#failure ??= { type, message }
    this.#child?.kill('SIGKILL')
  }

  #timeOut(requestId: string): void {
    const seconds = (this.#lambda.timeoutMs / 1000).toFixed(2)
    this.#kill('Sandbox.Timedout', `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`)
  }

  #onReady(): void {
    this.#initMs ??= performance.now() - this.#started
    this.#initialised.resolve()
  }

  #onAnswer(answer: { readonly response?: string; readonly error?: FunctionError }): void {
    this.#answer = answer
    this.#completeWhenBoth()
  }

  #onOutputEnd(requestId: string): void {
    if (requestId !== this.#running?.requestId) return
    this.#outputEnded = true
    this.#completeWhenBoth()
  }

  /** Answer and output come on different ways; an invocation is complete when both are there. */
  #completeWhenBoth(): void {
    const [running, answer] = [this.#running, this.#answer]
    if (!running || !answer || !this.#outputEnded) return
    this.#running = undefined
    this.#answer = undefined
    this.#outputEnded = false
    const { requestId, started, finish } = running
    finish({ requestId, ...answer, ...this.#account(started) })
  }

  #account(started: number): Pick<Completed, 'logs' | 'durationMs' | 'initMs'> {
    const first = !this.#initTold && this.#initMs !== undefined
    this.#initTold = true
    const durationMs = performance.now() - started
    return { logs: this.#logs.take(), durationMs, ...(first ? { initMs: this.#initMs } : {}) }
  }

  #failed(requestId: string, started: number): Completed {
    const error = this.#failure ?? { type: 'Runtime.ExitError', message: 'the instance has ended' }
    return { requestId, error, ...this.#account(started) }
  }

  #end(): void {
    if (this.#over) return
    this.#over = true
    if (this.#child) alive.delete(this.#child)
    this.#api?.close()
    this.#initialised.resolve()
    this.#gone.resolve()
    const running = this.#running
    this.#running = undefined
    if (running) running.finish(this.#failed(running.requestId, running.started))
  }
}
