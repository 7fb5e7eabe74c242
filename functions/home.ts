import type { RegistryRef } from './domain/facts/registry-facts.ts'

/**
 * The registry that a function looks after: that of its own account and region, which its ARN names.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
 */
export function homeOf({ invokedFunctionArn }: { readonly invokedFunctionArn: string }): RegistryRef {
  const [, , , region, account] = invokedFunctionArn.split(':')
  if (region && account) return { account, region }
  throw new Error('the ARN of the function names no account and region')
}
