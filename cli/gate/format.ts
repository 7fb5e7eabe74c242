import type { GateResult } from '../../functions/domain/gate/result.ts'
import type { Paint } from '../terminal.ts'

/** How a result is to look where it is written. */
export type Look = {
  /** No colours where it goes to a file or a pipe. */
  readonly paint: Paint
  /** Columns; a file has 120. */
  readonly width: number
  /** Path of the file in the project that an image comes from, for formats that want one: `Dockerfile`, `docker/api.Dockerfile`. */
  readonly source: string
}

/** One way to write a result, whole, with its last line break. It escapes whatever comes from outside. */
export type Format = (result: GateResult, look: Look) => string
