import type { Json } from './json.ts'

/** What an execution needs of its surroundings. */
export type Ports = {
  /** ms on the virtual clock */
  now(): number
  /** Ends after so long on the virtual clock, or at once when it is aborted. ms @throws {Aborted} */
  sleep(ms: number, signal: AbortSignal): Promise<void>
  /** Runs a function with the rights of the machine's role. @throws {StateError} */
  invoke(functionArn: string, payload: Json): Promise<Json>
  /** @throws {StateError} States.ItemReaderFailed */
  readObject(bucket: string, key: string): Promise<string>
  /** @throws {StateError} States.ResultWriterFailed */
  writeObject(bucket: string, key: string, body: string): Promise<void>
  /** 0 to 1 */
  random(): number
}
