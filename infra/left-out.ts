import { join } from 'node:path'
import { ruleOf } from '../functions/domain/rulebook.ts'
import { noSecretsInImage } from '../functions/domain/rules/no-secrets-in-image.ts'
import { sbom } from '../functions/domain/rules/sbom.ts'

type Setting = {
  readonly rule: string
  readonly mode?: string
  readonly parameters?: Readonly<Record<string, unknown>>
}

/** As much of what a function is built with as says what it needs. */
export type Built = {
  readonly policy?: readonly { readonly rules: readonly Setting[] }[]
  readonly registry?: { readonly rules?: readonly Setting[] }
  readonly sweep?: { readonly packages?: unknown }
}

const hasExpression = ({ rule, parameters = {} }: Setting): boolean =>
  Object.entries(ruleOf(rule)?.parameters ?? {}).some(
    ([name, { kind }]) => kind === 'expressions' && ((parameters[name] ?? []) as readonly string[]).length > 0,
  )

const SBOMS = ['@streamparser/json', 'packageurl-js', 'spdx-expression-parse']

const beside = (file: string): string => join(import.meta.dirname, file)

/**
 * Packages that a function has no use for with its configuration, each with what stands in its place: expressions of RE2 weigh as much as
 * all rules together.
 */
export function leftOut({ policy = [], registry, sweep }: Built): Readonly<Record<string, string>> {
  const settings = [...policy.flatMap(({ rules }) => rules), ...(registry?.rules ?? [])]
  const matches = settings.some(hasExpression)
  const isInForce = (id: string): boolean => settings.some(({ rule, mode }) => rule === id && mode !== 'off')
  const readsSboms = isInForce(sbom.id) || sweep?.packages !== undefined
  return {
    ...(matches ? {} : { re2js: beside('no-expressions.ts') }),
    ...(isInForce(noSecretsInImage.id)
      ? {}
      : { '@secretlint/secretlint-rule-preset-recommend': beside('no-secretlint.ts') }),
    ...(readsSboms ? {} : Object.fromEntries(SBOMS.map((name) => [name, beside('no-sboms.ts')]))),
  }
}
