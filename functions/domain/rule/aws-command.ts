import { kebab } from './kebab.ts'

/** Characters that every shell takes as they are. */
const PLAIN = /^[\w./:@%+=,-]+$/

/** A word as a POSIX shell reads it back unchanged. @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html */
export const shellWord = (text: string): string => (PLAIN.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/**
 * A call of ECR as a line of the AWS CLI:
 * `aws ecr put-image-tag-mutability --region … --repository-name … --image-tag-mutability IMMUTABLE`.
 */
export function awsCommand(operation: string, input: Readonly<Record<string, unknown>>, region: string): string {
  const options = Object.entries({ region, ...input }).map(
    ([name, value]) => `--${kebab(name)} ${shellWord(textOf(value))}`,
  )
  return ['aws ecr', kebab(operation), ...options].join(' ')
}
