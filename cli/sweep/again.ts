import type { AWS_OPTIONS } from '../aws/aws-options.ts'
import type { Values } from '../option.ts'

type Repeated = Pick<Values<typeof AWS_OPTIONS>, 'region' | 'profile'> & {
  readonly config: string | undefined
  readonly store: string | undefined
}

const quoted = (word: string): string => (/^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)

/** A command on the same store, as it is typed. */
export const sameStore = (command: string, options: Partial<Repeated>): string =>
  [
    `ecr-steward ${command}`,
    ...(['store', 'config', 'region', 'profile'] as const).flatMap((name) => {
      const value = options[name]
      return value === undefined ? [] : [`--${name} ${quoted(value)}`]
    }),
  ].join(' ')
