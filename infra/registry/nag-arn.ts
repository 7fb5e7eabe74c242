import { Stack, Token } from 'aws-cdk-lib'
import type { Construct } from 'constructs'

/** What is known only at deployment, as cdk-nag writes it. */
const shown = (text: string, name: string): string => (Token.isUnresolved(text) ? `<AWS::${name}>` : text)

/** Where it is, if not in the account and region of the stack. */
type Place = { readonly account?: string; readonly region?: string }

/** An ARN as cdk-nag writes it in the name of a finding. @param resource `repository/*` */
export function nagArn(scope: Construct, service: string, resource: string, { account, region }: Place = {}): string {
  const here = Stack.of(scope)
  return [
    ...['arn', shown(here.partition, 'Partition'), service, shown(region ?? here.region, 'Region')],
    ...[shown(account ?? here.account, 'AccountId'), resource],
  ].join(':')
}
