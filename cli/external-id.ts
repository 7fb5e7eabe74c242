import { ENV_EXTERNAL_ID } from '../functions/in-use/contract.ts'
import { findConfiguration, readConfiguration } from './configuration.ts'
import type { Io } from './io.ts'

/** What the roles of other accounts want to be told: of the environment, otherwise of steward.yaml, where there is one. */
export function externalId(given: string | undefined, io: Io): string | undefined {
  const named = io.env[ENV_EXTERNAL_ID]
  if (named) return named
  if (findConfiguration(given, io) === undefined) return undefined
  // Its warnings are told by whoever reads all of it.
  return readConfiguration(given, io, () => {}).config.members?.externalId
}
