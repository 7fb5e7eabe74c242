import { App, Stack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'

export const HERE = { account: '123456789012', region: 'eu-west-1' }

/** What is thrown where a part is built into a stack of `HERE`; undefined where nothing is. */
export function refusalOf(build: (stack: Stack) => void, scope: Construct = new App()): string | undefined {
  try {
    build(new Stack(scope, 'Registry', { env: HERE }))
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}
