import { UserError } from './user-error.ts'

/** The port that was asked for. @throws {UserError} for what is not one */
export function portOf(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new UserError(`--port ${text}: give a number from 0 to 65535; 0 is any free port`)
}
