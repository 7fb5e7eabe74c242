import { AwsError } from '../../functions/adapters/signed-aws.ts'
import { VERSION } from '../version.ts'
import type { Calls } from './calls.ts'
import { type Finding, findingsOf } from './finding.ts'

const { ok, note, warning, unknown } = findingsOf('stack')

/** As infra/steward-app.ts names it. */
export const STACK = 'Steward'

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }
const DEPLOY = { text: 'From a checkout of this version:', command: 'npm ci && npm run deploy' }

const tagIn = (text: string, name: string): string | undefined =>
  new RegExp(`<${name}>([^<]{1,200})</${name}>`).exec(text)?.[1]

/** The value of an output, in what DescribeStacks answers; undefined where the stack has none of that key. */
export const outputIn = (text: string, key: string): string | undefined =>
  text
    .split('<member>')
    .filter((member) => tagIn(member, 'OutputKey') === key)
    .map((member) => tagIn(member, 'OutputValue'))[0]

function stackFinding(text: string): Finding {
  const status = tagIn(text, 'StackStatus') ?? 'without a status'
  const version = outputIn(text, 'Version')
  if (!/^(?:CREATE|UPDATE|IMPORT|UPDATE_ROLLBACK)_COMPLETE$/.test(status))
    return warning(STACK, `it is ${status}`, {
      text: 'What CloudFormation says of it:',
      command: `aws cloudformation describe-stack-events --stack-name ${STACK} --max-items 20`,
    })
  if (version === undefined)
    return warning(STACK, `deployed, of a version before ${VERSION}: it does not say which`, DEPLOY)
  if (version === VERSION) return ok(STACK, `deployed, version ${version}, as here`)
  return warning(STACK, `deployed in version ${version}, and here is ${VERSION}`, DEPLOY)
}

/**
 * Whether the stack is deployed in this account and region, and in which version.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
 */
export async function stackFindings({ post }: Calls): Promise<readonly Finding[]> {
  const body = `Action=DescribeStacks&Version=2010-05-15&StackName=${STACK}`
  try {
    return [stackFinding(await post('cloudformation', FORM, body))]
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    // The name is right, so that nothing else can be wrong with it.
    if (error.code === 'ValidationError') return [note(STACK, 'it is not deployed in this account and region')]
    if (/^AccessDenied/.test(error.code))
      return [note(STACK, 'not looked at: cloudformation:DescribeStacks is not allowed')]
    return [unknown(STACK, `cloudformation:DescribeStacks ended with ${error.code}`)]
  }
}
