import { createHash } from 'node:crypto'
import { Stack, Token } from 'aws-cdk-lib'
import type { Construct } from 'constructs'

/** An id that goes with a text wherever it stands in a list; one that is known only at deployment goes by its expression. */
export function stableId(scope: Construct, text: string): string {
  if (!Token.isUnresolved(text)) return text
  const expression = JSON.stringify(Stack.of(scope).resolve(text))
  return createHash('sha256').update(expression).digest('hex').slice(0, 16)
}
