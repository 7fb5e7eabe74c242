import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { run } from '../cli/run.ts'
import type { Alert } from '../functions/domain/alert.ts'
import type { World } from './world.ts'

/** What somebody did upon an alert. */
export type Approved = {
  /** The words after `ecr-steward`. */
  readonly argv: readonly string[]
  /** Exit code. */
  readonly code: number
  /** What it printed, in lines. */
  readonly lines: readonly string[]
}

const PROGRAM = 'ecr-steward '

/** A stream that is no terminal. */
const pipe = () => Object.assign(new PassThrough(), { isTTY: false, columns: 96 }) as unknown as NodeJS.WriteStream

/**
 * Runs the command of an alert as its reader would, word for word, against the local AWS.
 * @param config path of steward.yaml
 * @returns undefined where the alert has no command of ours
 */
export async function approve(world: World, { command }: Alert, config: string): Promise<Approved | undefined> {
  if (!command?.startsWith(PROGRAM)) return undefined
  const argv = command.slice(PROGRAM.length).split(' ')
  const { aws } = world
  const [stdout, stderr] = [pipe(), pipe()]
  const printed = Promise.all([text(stdout as never), text(stderr as never)])
  const code = await run(argv, {
    ...{ stdout, stderr, cwd: process.cwd(), now: () => new Date(aws.clock.now()) },
    env: {
      ...{ AWS_ENDPOINT_URL: aws.url, AWS_REGION: aws.region, ECR_STEWARD_CONFIG: config },
      ...{ AWS_ACCESS_KEY_ID: 'alice', AWS_SECRET_ACCESS_KEY: 'x' },
    },
  })
  stdout.end()
  stderr.end()
  const lines = (await printed).join('').trim().split('\n')
  return { argv, code, lines }
}
