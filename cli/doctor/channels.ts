import type { StewardConfig } from '../../config/load.ts'
import { AwsError } from '../../functions/adapters/signed-aws.ts'
import { shellWord } from '../../functions/domain/rule/aws-command.ts'
import type { Calls } from './calls.ts'
import { type Finding, findingsOf } from './finding.ts'

const { ok, note, warning, problem, unknown } = findingsOf('channels')

type Secret = { readonly DeletedDate?: number; readonly KmsKeyId?: string }

/** The key that the role of `notify` needs no right on. */
const isDefault = (key: string | undefined): boolean => !key || key.endsWith('alias/aws/secretsmanager')

const options = (secret: string, region: string): string => `--region ${region} --secret-id ${shellWord(secret)}`

function secretFinding(what: string, secret: string, { DeletedDate, KmsKeyId }: Secret, region: string): Finding {
  if (DeletedDate !== undefined)
    return problem(what, `its secret ${secret} is marked for deletion`, {
      command: `aws secretsmanager restore-secret ${options(secret, region)}`,
    })
  if (!isDefault(KmsKeyId))
    return warning(what, `its secret ${secret} has a key of its own, which the stack has no right to decrypt with`, {
      command: `aws secretsmanager update-secret ${options(secret, region)} --kms-key-id alias/aws/secretsmanager`,
    })
  return ok(what, `its secret ${secret} is there; nothing was sent, and its value was not read`)
}

async function channelFinding(name: string, secret: string, { aws }: Calls, region: string): Promise<Finding> {
  const what = `slack:${name}`
  try {
    return secretFinding(what, secret, await aws('secretsmanager', 'DescribeSecret', { SecretId: secret }), region)
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    if (error.code === 'ResourceNotFoundException')
      return problem(what, `its secret ${secret} is not in this account and region`, {
        text: 'Put the URL of its incoming webhook into a file, and the file into a secret:',
        command: `aws secretsmanager create-secret --region ${region} --name ${shellWord(secret)} --secret-string file://webhook-url.txt`,
      })
    if (error.code === 'AccessDeniedException')
      return note(
        what,
        `whether its secret ${secret} is there is not known: secretsmanager:DescribeSecret is not allowed`,
      )
    return unknown(what, `secretsmanager:DescribeSecret of ${secret} ended with ${error.code}`)
  }
}

/** Whether the secrets that steward.yaml names are there. Nothing is sent, and no value is read. */
export const channelFindings = (
  { channels }: Pick<StewardConfig, 'channels'>,
  calls: Calls,
  region: string,
): Promise<readonly Finding[]> =>
  Promise.all(Object.entries(channels).map(([name, { secret }]) => channelFinding(name, secret, calls, region)))
