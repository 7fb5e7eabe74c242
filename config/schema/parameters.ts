import * as v from 'valibot'
import { parse } from 'yaml'
import { BYTES, parseBytes } from '../../functions/domain/bytes.ts'
import type { Parameter } from '../../functions/domain/rule/parameter.ts'
import { written } from '../../functions/domain/rule/written.ts'
import { SEVERITIES } from '../../functions/domain/severity.ts'
import { expressionFault } from '../expression.ts'
import { show } from '../fault.ts'
import { Account, expected, list, MOST, pick, text, whole } from './words.ts'

const Bytes = v.pipe(text('a size in decimal units, such as 500 MB or 1.5 GB', BYTES), v.transform(parseBytes))

const Glob = text(
  'a pattern in quotes without blanks, such as "1.*": * stays within one path segment, ** crosses',
  /^[\x21-\x7e]{1,256}$/,
)

const Expression = v.pipe(
  v.string(expected('a regular expression in quotes, such as "v[0-9]+"')),
  v.check(
    (input) => expressionFault(input) === undefined,
    ({ input }) => `found ${show(input)}, expected an expression in the syntax of RE2: ${expressionFault(input)}`,
  ),
)

/** Keys and values of an AWS tag or of a label. @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_Tag.html */
const Pairs = v.pipe(
  v.record(
    text('a name of at most 128 characters', /^.{1,128}$/),
    text('a text of at most 256 characters in quotes', /^.{0,256}$/),
    expected('a mapping, such as owner: team-a'),
  ),
  v.maxEntries(MOST, `found more than ${MOST}, expected fewer`),
)

const Limits = v.pipe(
  v.strictObject(
    Object.fromEntries(SEVERITIES.map((severity) => [severity, v.optional(whole('a count', 0, 1_000_000))])),
    expected('a mapping of severity to a count, such as { CRITICAL: 0, HIGH: 10 }'),
  ),
  v.minEntries(1, expected('at least one severity, such as CRITICAL: 0')),
)

function valueSchema(parameter: Parameter): v.GenericSchema {
  const many = (item: v.GenericSchema) => list(item, `a list, such as ${parameter.example}`)
  switch (parameter.kind) {
    case 'days':
      return whole('a whole number of days', parameter.least, parameter.most)
    case 'count':
      return whole('a whole number', parameter.least, parameter.most)
    case 'bytes':
      return Bytes
    case 'flag':
      return v.boolean(expected('true or false'))
    case 'choice':
      return pick(parameter.options)
    case 'choices':
      return many(pick(parameter.options))
    case 'accounts':
      return many(Account)
    case 'globs':
      return many(Glob)
    case 'expressions':
      return many(Expression)
    case 'texts':
      return many(text(parameter.what, parameter.pattern))
    case 'pairs':
      return Pairs
    case 'limits':
      return Limits
  }
}

/** What may be written for a parameter; `example` is shown where it is missing. */
export function parameterSchema(parameter: Parameter) {
  const described = v.pipe(
    valueSchema(parameter),
    v.description(parameter.about),
    v.examples([parse(parameter.example)]),
  )
  const schema =
    parameter.default === undefined ? described : v.optional(described, written(parameter, parameter.default))
  return { ...schema, example: parameter.example }
}
