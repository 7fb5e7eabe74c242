import { join } from 'node:path'
import { ensureAssembly } from '../local/assembly.ts'

/** The stack is synthesised once, before the test files run side by side. */
export async function setup(): Promise<void> {
  await ensureAssembly(join(import.meta.dirname, '..'))
}
