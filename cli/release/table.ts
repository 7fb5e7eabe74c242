import { show } from '../../config/fault.ts'
import { AwsError, type SignedPost, signedPost } from '../../functions/adapters/signed-aws.ts'
import type { RegistryRef } from '../../functions/domain/facts/registry-facts.ts'
import type { Session } from '../aws/session.ts'
import { CommandError } from '../command-error.ts'
import { outputIn, STACK } from '../doctor/stack.ts'

/** Where the steward remembers images. */
export type StateTable = {
  readonly name: string
  /** Account and region of the stack. */
  readonly home: RegistryRef
}

const ARN = /^arn:aws[\w-]*:dynamodb:(?<region>[a-z0-9-]+):(?<account>\d{12}):table\/(?<name>[\w.-]{3,255})$/
const NAME = /^[\w.-]{3,255}$/

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }
/** Milliseconds. */
const TIMEOUT = 20_000

function given(text: string, home: RegistryRef): StateTable {
  const { region, account, name } = ARN.exec(text)?.groups ?? {}
  if (region && account && name) return { name, home: { account, region } }
  if (NAME.test(text)) return { name: text, home }
  throw new CommandError('usage', `${show(text, 100)} is neither a name nor an ARN of a table.`)
}

/** @returns undefined where there is no stack @throws {AwsError} */
async function ofStack(post: SignedPost): Promise<string | undefined> {
  try {
    const body = `Action=DescribeStacks&Version=2010-05-15&StackName=${STACK}`
    return outputIn(await post('cloudformation', FORM, body), 'StateTableName')
  } catch (error) {
    // The name is right, so that nothing else can be wrong with it.
    if (error instanceof AwsError && error.code === 'ValidationError') return undefined
    throw error
  }
}

/**
 * The table that is meant; undefined where no stack is deployed in the account and region of the session, so that no event
 * brings an image back.
 * @throws {CommandError} where nobody knows
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
 */
export async function stateTable(
  text: string | undefined,
  { registry, env, patience: { credentials } }: Session,
): Promise<StateTable | undefined> {
  if (text !== undefined) return given(text, registry)
  try {
    const name = await ofStack(signedPost(env, TIMEOUT, credentials && { credentials }))
    return name === undefined ? undefined : { name, home: registry }
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    throw new CommandError(
      /^AccessDenied/.test(error.code) ? 'access' : 'unknown',
      `It is not known which table the stack ${STACK} has: cloudformation:DescribeStacks ended with ${error.code}.`,
      'Without it the next event would bring the image back into quarantine. --table names it: the output StateTableName of the stack.',
    )
  }
}
