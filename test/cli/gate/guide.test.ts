import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { bundled } from '../cli.ts'
import { REPOSITORY, startWorld } from '../images/world.ts'

/** What section 5.4 of the guide has a pipeline run. */
const SCRIPT = join(import.meta.dirname, '../../../bench/guide-gate.sh')
const missing = ['aws', 'jq'].filter((name) => spawnSync('/bin/sh', ['-c', `command -v ${name}`]).status !== 0)
const skipped = missing.length > 0 ? ` (skipped: no ${missing.join(' and no ')} on PATH)` : ''

const here = startWorld()
const cli = bundled()

async function guide(tag: string) {
  const env = { ...here.env, AWS_DEFAULT_REGION: here.aws.region, PATH: process.env.PATH ?? '' }
  const child = spawn('/bin/bash', [SCRIPT, REPOSITORY, tag], { env, stdio: ['ignore', 'pipe', 'ignore'] })
  const [out, [code]] = await Promise.all([text(child.stdout), once(child, 'close')])
  return { code, out }
}

const gate = (tag: string) =>
  cli.run(['gate', `${REPOSITORY}:${tag}`, '--config', `${here.folder}/images.yaml`, '--timeout', '1s'], here.env)

describe.skipIf(missing.length > 0)(`the guide's own gate${skipped}`, () => {
  test.concurrent('passes an image with a finding that is critical, where ours says no', async () => {
    const [theirs, ours] = await Promise.all([guide('6.0'), gate('6.0')])
    expect(theirs).toEqual({ code: 0, out: 'CRITICAL=0, HIGH=0\nThe image passes.\n' })
    expect(ours.code).toBe(1)
    expect(ours.out).toContain('CVE-2026-1001')
  }, 120_000)

  test.concurrent('passes an image that is not there, where ours does not know', async () => {
    const [theirs, ours] = await Promise.all([guide('9.9'), gate('9.9')])
    expect(theirs).toEqual({ code: 0, out: expect.stringMatching(/The image passes\.\n$/) })
    expect(ours.code).toBe(3)
  }, 120_000)
})
