import { AwsError } from '../../functions/adapters/signed-aws.ts'
import { CommandError } from '../command-error.ts'
import { oneLine } from '../terminal.ts'

const EXPIRED = /^(?:ExpiredToken(?:Exception)?|RequestExpired|TokenRefreshRequired)$/
const UNKNOWN_KEY = /^(?:UnrecognizedClientException|InvalidClientTokenId|MissingAuthenticationToken(?:Exception)?)$/
const WRONG_SIGNATURE = /^(?:InvalidSignatureException|SignatureDoesNotMatch|IncompleteSignature(?:Exception)?)$/
const DENIED = /^AccessDenied(?:Exception)?$/

const messageOf = ({ detail }: AwsError): string => oneLine(String(detail.message ?? detail.Message ?? ''), 300)

export const isDenied = ({ code }: AwsError): boolean => DENIED.test(code)

/** Whether a policy forbids it outright: no statement of another policy can allow it then. */
export const isForbidden = (error: AwsError): boolean => /explicit deny/i.test(messageOf(error))

/** The resource that AWS says the permission is missing on. */
export const refusedResource = (error: AwsError): string | undefined =>
  /on resource: (arn:[\w-]+:ecr:[\w./:*-]+)/.exec(messageOf(error))?.[1]

/** What ends a command wherever it is: its credentials have expired on the way. */
export const expired = ({ code }: AwsError): CommandError | undefined =>
  EXPIRED.test(code)
    ? new CommandError(
        'access',
        `The AWS credentials have expired (${code}).`,
        'Sign in again, for example with `aws sso login`, or take fresh ones into the environment.',
      )
    : undefined

/** What ends the command, since no further call would go better: credentials that AWS does not take. */
export function fatal(error: AwsError): CommandError | undefined {
  const { code } = error
  const end = expired(error)
  if (end) return end
  if (UNKNOWN_KEY.test(code))
    return new CommandError(
      'access',
      `AWS does not know the access key (${code}).`,
      'It was deleted, or belongs to another partition, or the region is not switched on in the account.',
      'Who AWS takes you for: aws sts get-caller-identity',
    )
  if (WRONG_SIGNATURE.test(code))
    return new CommandError(
      'access',
      `AWS does not accept the signature (${code}).`,
      'The secret access key is wrong, or the clock of this machine is off by minutes.',
    )
  return undefined
}

/** AWS could not be reached, or refused, where nothing goes on without it. */
export function asCommandError(error: unknown, what: string, host: string): unknown {
  if (!(error instanceof AwsError)) return error
  if (error.code === 'Unreachable')
    return new CommandError(
      'unknown',
      `${host} cannot be reached (${messageOf(error)}), so ${what}.`,
      'Check the network, a proxy, the name of the region, and AWS_ENDPOINT_URL.',
    )
  const exit = isDenied(error) ? 'access' : 'unknown'
  return new CommandError(exit, `AWS answered ${error.code}, so ${what}.`, ...[messageOf(error)].filter(Boolean))
}
