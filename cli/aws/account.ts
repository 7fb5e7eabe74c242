import { AwsError, type SignedPost } from '../../functions/adapters/signed-aws.ts'

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }

/**
 * The account that the credentials belong to.
 * @throws {AwsError}
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export async function callerAccount(post: SignedPost): Promise<string> {
  const answer = await post('sts', FORM, 'Action=GetCallerIdentity&Version=2011-06-15')
  const account = /<Account>(\d{12})<\/Account>/.exec(answer)?.[1]
  if (account === undefined) throw new AwsError('without an account', false)
  return account
}
