import { spawnSync } from 'node:child_process'

/** Whether there is a cfn-lint. */
export const hasCfnLint: boolean = spawnSync('cfn-lint', ['--version'], { stdio: 'ignore' }).status === 0

/** What cfn-lint says of templates: nothing, where all is well. */
export function cfnLint(...files: readonly string[]): string {
  // W3005: CDK writes some dependencies down that follow from references, too.
  const words = ['--format', 'parseable', '--ignore-checks', 'W3005', '--', ...files]
  const { stdout, stderr } = spawnSync('cfn-lint', words, { encoding: 'utf8' })
  return stdout + stderr
}
