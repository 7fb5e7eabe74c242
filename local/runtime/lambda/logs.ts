import { isObject } from '../is-object.ts'

/** `level` is `TEXT` for what was not written through `console`. */
export type LogEntry = { readonly level: string; readonly message: unknown }

/** Lines of one invocation that are kept; a function that never stops printing must not fill the memory. */
const MOST_LINES = 10_000
const LONGEST_LINE = 1024 * 1024
/** As bootstrap.cjs writes it. */
const END = '\u001eEND '

function entryOf(line: string): LogEntry {
  try {
    const record: unknown = JSON.parse(line)
    if (isObject(record) && typeof record.level === 'string') {
      const { message = record } = record
      return { level: record.level, message }
    }
  } catch {
    // Plain text is a log line too.
  }
  return { level: 'TEXT', message: line }
}

/** Reads the output of an instance: log lines, and the marks at which an invocation's output ends. */
export class LogReader {
  readonly #onEnd: (requestId: string) => void
  #rest = ''
  #entries: LogEntry[] = []
  #dropped = 0

  constructor(onEnd: (requestId: string) => void) {
    this.#onEnd = onEnd
  }

  read(chunk: string): void {
    const lines = (this.#rest + chunk).split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) this.#line(line)
    if (this.#rest.length > LONGEST_LINE) {
      this.#line(this.#rest)
      this.#rest = ''
    }
  }

  /** What was written since the last call. */
  take(): LogEntry[] {
    if (this.#rest) this.#line(this.#rest)
    const entries = this.#entries
    if (this.#dropped > 0) entries.push({ level: 'WARN', message: `${this.#dropped} more lines were not kept` })
    this.#rest = ''
    this.#entries = []
    this.#dropped = 0
    return entries
  }

  #line(line: string): void {
    if (line.startsWith(END)) this.#onEnd(line.slice(END.length))
    else if (line === '') return
    else if (this.#entries.length < MOST_LINES) this.#entries.push(entryOf(line))
    else this.#dropped += 1
  }
}
