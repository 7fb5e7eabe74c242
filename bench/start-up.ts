import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleCli } from '../scripts/bundle-cli.ts'
import type { Comparison } from './comparison.ts'
import { type Contender, paired } from './paired.ts'

/** What the command line adds to a process of Node that does nothing. */
export async function startUp(rounds: number): Promise<Comparison> {
  const folder = mkdtempSync(join(tmpdir(), 'ecr-steward-bench-'))
  try {
    await bundleCli(folder)
    writeFileSync(join(folder, 'empty.cjs'), '')
    const process = (name: string, ...words: readonly string[]): Contender => ({
      name,
      command: () => [globalThis.process.execPath, ...words],
      env: {},
    })
    const ours = process('ecr-steward --version', join(folder, 'ecr-steward.cjs'), '--version')
    const result = await paired(ours, process('empty process', join(folder, 'empty.cjs')), rounds)
    return { name: 'ecr-steward --version: process start → end', goal: '≤ 2.0 × an empty process', result }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
