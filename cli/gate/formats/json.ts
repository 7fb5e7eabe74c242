import type { Format } from '../format.ts'

/** As `docs/gate.schema.json` has it. */
export const format: Format = (result) => `${JSON.stringify(result, undefined, 2)}\n`
