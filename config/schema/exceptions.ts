import * as v from 'valibot'
import { RULES, ruleOf } from '../../functions/domain/rulebook.ts'
import { didYouMean, oneOf } from '../suggest.ts'
import { repositories } from './repositories.ts'
import { expected, list, mapping, text } from './words.ts'

/** More than any team can keep an eye on. */
export const MOST_EXCEPTIONS = 1_000

/** `CVE-2026-1234`, `GHSA-…`, `ALAS2-2026-1`, `RHSA-2026:123`. */
const FINDING = /^(?:CVE-\d{4}-\d{4,19}|(?![Cc][Vv][Ee])[A-Za-z][A-Za-z0-9._:-]{2,99})$/

const upper = (input: unknown): readonly string[] =>
  typeof input === 'string' && FINDING.test(input.toUpperCase()) ? [input.toUpperCase()] : []

const excepted = RULES.filter(({ about }) => about !== 'registry').map(({ id }) => id)

const wrongRule = (input: unknown): string =>
  typeof input === 'string' && ruleOf(input)?.about === 'registry'
    ? 'a rule on repositories or images: this one is on the registry, so no repository can be left out. Set it to off under registry'
    : `${oneOf(excepted)}${didYouMean(input, excepted)}`

/** One line of words: what is left of breaks and of what cannot be seen is a blank. */
const words = (what: string, most: number, description: string, example: string) =>
  v.pipe(
    v.string(expected(`${what}, such as ${example}`)),
    v.maxLength(most, `found more than ${most} characters, expected ${what}`),
    v.regex(/\S/, expected(`${what}, such as ${example}`)),
    v.description(description),
    v.examples([example]),
    v.transform((input) => input.replace(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim()),
    v.minLength(1, `found nothing that can be seen, expected ${what}, such as ${example}`),
  )

const isDay = (input: string): boolean => {
  const day = new Date(`${input}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(input)
}

const DAY = 'a day of the calendar such as 2027-01-31'

const ExceptionSchema = mapping({
  rule: v.optional(
    v.pipe(
      v.picklist(excepted, ({ input }) => expected(wrongRule(input))({ input })),
      v.description('Name of a rule on repositories or images that may fail. Either this or finding.'),
    ),
  ),
  finding: v.optional(
    v.pipe(
      v.string(expected('the id of a finding, such as CVE-2026-1234')),
      v.regex(
        FINDING,
        ({ input }) =>
          expected('the id of a finding, such as CVE-2026-1234')({ input }) + didYouMean(input, upper(input)),
      ),
      v.description('Id of a finding, as the scanner spells it. Either this or rule.'),
      v.examples(['CVE-2026-1234']),
    ),
  ),
  package: v.optional(
    v.pipe(
      text('the name of a package, as the scanner spells it', /^\S.{0,199}$/),
      v.description('The finding in this package alone.'),
      v.examples(['openssl']),
    ),
  ),
  repositories: repositories('The exception holds in all that match.'),
  tags: v.optional(
    v.pipe(
      list(
        text('a tag in quotes, such as "1.4.2" or "1.*"', /^[A-Za-z0-9_.*-]{1,128}$/),
        'a list of tags, such as ["1.*"]',
      ),
      v.minLength(1, expected('at least one tag, such as "1.*"; leave the key out for every image')),
      v.description('Images with a tag that matches one of these; without it every image.'),
      v.examples([['1.*']]),
    ),
  ),
  digest: v.optional(
    v.pipe(
      text('sha256: and 64 hexadecimal digits', /^sha256:[0-9a-f]{64}$/),
      v.description('One image; without it every image.'),
    ),
  ),
  reason: words(
    'a reason in words',
    500,
    'Why it is acceptable. It is shown wherever the exception is.',
    'TLS is terminated before this service',
  ),
  owner: words('who answers for it', 100, 'Who answers for it.', 'team-a'),
  expires: v.pipe(
    text(DAY, /^\d{4}-\d{2}-\d{2}$/),
    v.check(isDay, expected(DAY)),
    v.description('Last UTC day on which it holds.'),
    v.examples(['2027-01-31']),
  ),
})

export const ExceptionsSchema = v.pipe(
  list(
    ExceptionSchema,
    'a list of entries with rule or finding, repositories, reason, owner and expires',
    MOST_EXCEPTIONS,
  ),
  v.description(
    'Findings and failed rules that somebody has agreed to live with for a while. They are shown as excepted, never hidden.',
  ),
)
