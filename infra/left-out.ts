import { join } from 'node:path'
import { ruleOf } from '../functions/domain/rulebook.ts'
import { noSecretsInImage } from '../functions/domain/rules/no-secrets-in-image.ts'
import type { Signer } from '../functions/domain/supply-chain/signer.ts'

type Setting = {
  readonly rule: string
  readonly mode?: string
  readonly parameters?: Readonly<Record<string, unknown>>
}

/** As much of what a function is built with as says what it needs. */
export type Built = {
  readonly policy?: readonly { readonly rules: readonly Setting[] }[]
  readonly registry?: { readonly rules?: readonly Setting[] }
  readonly vouching?: { readonly signers: readonly Signer[] }
}

const hasExpression = ({ rule, parameters = {} }: Setting): boolean =>
  Object.entries(ruleOf(rule)?.parameters ?? {}).some(
    ([name, { kind }]) => kind === 'expressions' && ((parameters[name] ?? []) as readonly string[]).length > 0,
  )

const isPattern = (signer: Signer): boolean => signer.by === 'identity' && 'pattern' in signer.identity

const beside = (file: string): string => join(import.meta.dirname, file)

/**
 * Packages that a function has no use for with its configuration, each with what stands in its place: expressions of RE2 weigh as much as
 * all rules together.
 */
export function leftOut({ policy = [], registry, vouching }: Built): Readonly<Record<string, string>> {
  const settings = [...policy.flatMap(({ rules }) => rules), ...(registry?.rules ?? [])]
  const matches = settings.some(hasExpression) || (vouching?.signers ?? []).some(isPattern)
  const looks = settings.some(({ rule, mode }) => rule === noSecretsInImage.id && mode !== 'off')
  return {
    ...(matches ? {} : { re2js: beside('no-expressions.ts') }),
    ...(looks ? {} : { '@secretlint/secretlint-rule-preset-recommend': beside('no-secretlint.ts') }),
  }
}
