import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Whether Python has the AWS CLI: version 1, which is a package. */
export const hasCli: boolean = spawnSync('python3', ['-c', 'import awscli'], { stdio: 'ignore' }).status === 0

/** The name of tests that need it. */
export const withCli = (name: string): string => (hasCli ? name : `${name} (skipped: no package awscli for python3)`)

export type Ended = { readonly status: number; readonly stdout: string; readonly stderr: string }

/** The AWS CLI, whose models, validation and parsers are botocore's: one process, in which a command takes 20 ms and not a second. */
export function startCli(env: Readonly<Record<string, string | undefined>>) {
  const child = spawn('python3', [join(import.meta.dirname, 'aws-cli.py')], {
    env: { ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const waiting: ((ended: Ended) => void)[] = []
  createInterface(child.stdout).on('line', (line) => waiting.shift()?.(JSON.parse(line)))
  return {
    /** Commands are run in the order in which they come. */
    run: (...words: readonly string[]): Promise<Ended> =>
      new Promise((resolve) => {
        waiting.push(resolve)
        child.stdin.write(`${JSON.stringify(words)}\n`)
      }),
    close: (): void => void child.stdin.end(),
  }
}
