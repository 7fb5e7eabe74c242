import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { NotifyConfig } from '../../functions/notify/contract.ts'

/** Bundles the function as the stack does. @returns path of the file, and its size in bytes */
export async function bundleNotify(config: NotifyConfig): Promise<{ path: string; bytes: number }> {
  const path = join(mkdtempSync(join(tmpdir(), 'notify-')), 'index.js')
  const { metafile } = await build({
    entryPoints: ['functions/notify/handler.ts'],
    outfile: path,
    bundle: true,
    minify: true,
    format: 'cjs',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    metafile: true,
    define: { STEWARD_CONFIG: JSON.stringify(config) },
  })
  return { path, bytes: Object.values(metafile.outputs)[0]?.bytes ?? 0 }
}
