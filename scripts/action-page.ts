import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { ROOT } from './step.ts'

type Described = Readonly<Record<string, { readonly description: string; readonly required?: boolean }>>

type Action = {
  readonly name: string
  readonly description: string
  readonly inputs: Described
  readonly outputs: Described
}

const rowsOf = (described: Described): readonly string[] =>
  Object.entries(described).map(
    ([name, { description, required = false }]) => `| \`${name}\` | ${description}${required ? ' Required.' : ''} |`,
  )

const EXAMPLE = `permissions:
  contents: read
  id-token: write # for the role
  security-events: write # for SARIF

steps:
  - uses: actions/checkout@SHA
  - uses: aws-actions/configure-aws-credentials@SHA
    with:
      role-to-assume: \${{ vars.ECR_ROLE }}
      aws-region: eu-central-1

  - id: gate
    uses: OWNER/ecr-steward@SHA # a commit: a tag may move
    with:
      image: 123456789012.dkr.ecr.eu-central-1.amazonaws.com/prod/api@\${{ steps.push.outputs.digest }}
      output: sarif=gate.sarif

  - if: always() && hashFiles('gate.sarif') != '' && steps.gate.outputs.verdict != 'unknown'
    uses: github/codeql-action/upload-sarif@SHA
    with:
      sarif_file: gate.sarif

  - run: deploy "$IMAGE"
    env:
      IMAGE: \${{ steps.gate.outputs.uri }} # empty unless it passed`

/** The page on the GitHub Action, made from action.yml. */
export function actionPage(): string {
  const { inputs, outputs }: Action = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8'))
  return [
    '<!-- Generated from action.yml by npm run schemas. -->',
    '',
    '# The GitHub Action',
    '',
    '`ecr-steward gate` as a step of a workflow: one checked-in file on the Node 24 of the runner. Nothing is installed, and no other host than AWS is called.',
    '',
    '```yaml',
    EXAMPLE,
    '```',
    '',
    '- **It fails closed.** The step ends with the exit code of the gate: an image that could not be judged, a limit that is no number or an input that there is not stop the job as well as a finding does. [Exit codes](cli.md#exit-codes).',
    '- **Limits belong into `steward.yaml`**, which the step finds in the checkout. No input has a default that would override it; an input that is empty is as if it were left out.',
    '- **Credentials** are those of the environment, as `aws-actions/configure-aws-credentials` leaves them there.',
    '- **Inputs never meet a shell.** What `image` or `new-since` hold is data, wherever it comes from. What comes out of the image is no command of the runner either.',
    '- **The log** has the table, the page of the run its summary and the worst as annotations. `output` writes more from the same judgement.',
    '- **After the step**, with `continue-on-error: true` or in a step with `if: always()`, `outcome` tells a finding (`fail`) from a gate that could not see (`unknown`, `access`) or was asked wrongly (`usage`).',
    '',
    '## Inputs',
    '',
    ...['| input | |', '| --- | --- |', ...rowsOf(inputs), ''],
    '## Outputs',
    '',
    ...['| output | |', '| --- | --- |', ...rowsOf(outputs), ''],
  ].join('\n')
}
