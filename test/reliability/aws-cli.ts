import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import type { Rig } from './rig.ts'

const run = promisify(execFile)

export const hasCli: boolean = spawnSync('aws', ['--version'], { stdio: 'ignore' }).status === 0

/** The name of tests that need the AWS CLI. */
export const withCli = (name: string): string => (hasCli ? name : `${name} (skipped: no aws on PATH)`)

/** Runs a line in a shell, as a person would, with the AWS CLI against the local AWS; its answer from JSON. */
export async function shell(rig: Rig, line: string): Promise<unknown> {
  const env = {
    PATH: process.env.PATH,
    HOME: '/nonexistent',
    AWS_ENDPOINT_URL: rig.world.aws.url,
    AWS_ACCESS_KEY_ID: 'AKIDALICE',
    AWS_SECRET_ACCESS_KEY: 'none',
    AWS_REGION: rig.world.aws.region,
    AWS_DEFAULT_REGION: rig.world.aws.region,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
    AWS_MAX_ATTEMPTS: '1',
  }
  const { stdout } = await run('sh', ['-c', `${line} --output json`], { env })
  return stdout.trim() === '' ? {} : JSON.parse(stdout)
}
