import schema from '../../steward.schema.json' with { type: 'json' }
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'

/** Writes the JSON Schema of steward.yaml, for editors. */
export function writeSchema({ stdout }: Io): Exit {
  stdout.write(`${JSON.stringify(schema, null, 2)}\n`)
  return 'pass'
}
