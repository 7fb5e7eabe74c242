import { SettingFault, type SettingsPorts, type Trouble } from '../account-settings/ports.ts'
import { type AwsCall, AwsError } from './signed-aws.ts'

/** It does not know the setting, the value, or the operation, as in a region that is behind. */
const REFUSED = ['InvalidParameterException', 'ValidationException', 'UnknownOperationException']

function troubleOf({ code }: AwsError): Trouble {
  if (code === 'AccessDeniedException') return 'denied'
  return REFUSED.includes(code) ? 'refused' : 'failed'
}

function faultOf(error: unknown, operation: string): unknown {
  if (!(error instanceof AwsError)) return error
  const said = error.detail.message ?? error.detail.Message
  const message = `ECR answered ${error.code} to ecr:${operation}${said === undefined ? '' : ` (${String(said).replace(/\.$/, '')})`}`
  return new SettingFault(troubleOf(error), message, error)
}

/**
 * Settings of the caller's account in the caller's region.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAccountSetting.html
 */
export function accountSettings(aws: AwsCall): SettingsPorts {
  const call = (operation: string, input: Readonly<Record<string, string>>) =>
    aws('ecr', operation, input).catch((error: unknown) => {
      throw faultOf(error, operation)
    })
  return {
    async read(name) {
      const { value } = await call('GetAccountSetting', { name })
      if (typeof value !== 'string')
        throw new SettingFault('failed', 'ECR answered ecr:GetAccountSetting without a value', undefined)
      return value
    },
    async put(name, value) {
      await call('PutAccountSetting', { name, value })
    },
  }
}
