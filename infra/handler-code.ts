import { join } from 'node:path'
import type { Code } from 'aws-cdk-lib/aws-lambda'
import { bundle } from './bundle.ts'
import { codeOf } from './code.ts'

const FUNCTIONS = join(import.meta.dirname, '../functions')

/**
 * Code of a function: its handler, bundled in this process by esbuild, with the configuration in it. The npm package has
 * `packaged-code.ts` in the place of this file.
 * @param name folder under functions/ that holds handler.ts
 */
export const handlerCode = (name: string, config: object): Code =>
  codeOf(join(FUNCTIONS, name), config, (outdir) =>
    bundle({ entry: join(FUNCTIONS, name, 'handler.ts'), outdir, config }),
  )
