import { type Stack, Validations } from 'aws-cdk-lib'

/** Findings of cdk-nag that stay, each with its reason. */
const REASONS: Readonly<Record<string, string>> = {}

export function acknowledge(stack: Stack): void {
  for (const [id, reason] of Object.entries(REASONS)) Validations.of(stack).acknowledge({ id, reason })
}
