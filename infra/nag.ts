import { Validations } from 'aws-cdk-lib'
import type { Construct } from 'constructs'

/** A finding of cdk-nag that stays, and why. */
export function acknowledge(construct: Construct, id: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: `AwsSolutions-${id}`, reason })
}
