import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Code } from 'aws-cdk-lib/aws-lambda'
import { codeOf } from './code.ts'

/** Beside the file that this becomes a part of: `scripts/bundle-constructs.ts` writes both. */
const HANDLERS = join(__dirname, 'functions')

/**
 * Code of a function in the npm package: its handler is bundled already, so that nobody who uses it needs esbuild, and reads its
 * configuration from a variable, which is written before it.
 * @param name of a handler: `gate`
 */
export const handlerCode = (name: string, config: object): Code =>
  codeOf(join(HANDLERS, name), config, (outdir) => {
    const handler = readFileSync(join(HANDLERS, name, 'index.js'), 'utf8')
    writeFileSync(join(outdir, 'index.js'), `var STEWARD_CONFIG=${JSON.stringify(config)};${handler}`)
  })
