import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { ROOT, type Step } from './step.ts'

/** Where the test run leaves its numbers, for whoever counts. */
export const TEST_REPORT = '.cache/tests.json'

const isInstalled = (program: string): boolean =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)))

const lines = (output: string): string[] => output.split('\n').filter((line) => line.trim() !== '')

type Report = {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

/** A line for each test that did not run, for its name says what is missing. */
export const skippedTests = ({ testResults }: Report): readonly string[] =>
  testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status !== 'passed' && status !== 'failed')
    .map(({ fullName }) => `↓ ${fullName}`)

const readReport = (): Report => JSON.parse(readFileSync(join(ROOT, TEST_REPORT), 'utf8'))

/** What did not run, and what vitest says at its end: nothing of how it came there. */
const closingLines = (output: string): readonly string[] => [
  ...(existsSync(join(ROOT, TEST_REPORT)) ? skippedTests(readReport()) : []),
  ...lines(output).filter((line) => /^\s*(Test Files|Tests)\s/.test(line)),
]

/** All that must hold before a commit, quickest first. */
export const STEPS: readonly Step[] = [
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'lint', command: ['biome', 'check', '--error-on-warnings', '.'] },
  { name: 'dependency direction', command: ['node', 'scripts/dependencies.ts'] },
  { name: 'schemas up to date', command: ['node', 'scripts/schemas.ts', '--check'] },
  {
    name: 'synth with cdk-nag',
    command: ['cdk', 'synth', '--quiet'],
    env: { AWS_EC2_METADATA_DISABLED: 'true' },
  },
  {
    name: 'cfn-lint',
    // W3005: the CDK says DependsOn where a reference says it already.
    command: ['cfn-lint', '-i', 'W3005', '--', 'cdk.out/Steward.template.json'],
    skip: () => (isInstalled('cfn-lint') ? undefined : 'not installed: pip install cfn-lint'),
  },
  { name: 'bundle budgets', command: ['node', 'scripts/budgets.ts'], tell: lines },
  { name: 'action bundle up to date', command: ['node', 'scripts/bundle-action.ts', '--check'], tell: lines },
  { name: 'licences', command: ['node', 'scripts/licences.ts'], tell: lines },
  {
    name: 'tests with coverage',
    command: [
      'vitest',
      'run',
      '--coverage',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${TEST_REPORT}`,
    ],
    tell: closingLines,
  },
]
