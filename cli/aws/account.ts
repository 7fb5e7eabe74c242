import { AwsError, type SignedPost } from '../../functions/adapters/signed-aws.ts'

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }

const identity = (post: SignedPost): Promise<string> => post('sts', FORM, 'Action=GetCallerIdentity&Version=2011-06-15')

/**
 * The account that the credentials belong to.
 * @throws {AwsError}
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export async function callerAccount(post: SignedPost): Promise<string> {
  const account = /<Account>(\d{12})<\/Account>/.exec(await identity(post))?.[1]
  if (account === undefined) throw new AwsError('without an account', false)
  return account
}

/** The account, and the role or user, that the credentials belong to. @throws {AwsError} */
export async function callerIdentity(post: SignedPost): Promise<{ readonly account: string; readonly arn: string }> {
  const [, arn, account] =
    /<Arn>(arn:[^<:]+:[^<:]*:[^<:]*:(\d{12}):[^<]{1,2048})<\/Arn>/.exec(await identity(post)) ?? []
  if (arn === undefined || account === undefined) throw new AwsError('without an ARN', false)
  return { account, arn }
}

/** The role or user that the credentials belong to. @throws {AwsError} */
export async function callerArn(post: SignedPost): Promise<string> {
  const arn = /<Arn>([^<]{1,2048})<\/Arn>/.exec(await identity(post))?.[1]
  if (arn === undefined) throw new AwsError('without an ARN', false)
  return arn
}
