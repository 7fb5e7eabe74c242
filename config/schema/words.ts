import * as v from 'valibot'
import { show } from '../fault.ts'
import { didYouMean, oneOf } from '../suggest.ts'

/** What can be wrong with one value, in the words that follow its path. */
export const expected =
  (what: string) =>
  ({ input }: { readonly input: unknown }): string =>
    `found ${show(input)}, expected ${what}`

export const text = (what: string, pattern: RegExp) =>
  v.pipe(v.string(expected(what)), v.regex(pattern, expected(what)))

export const whole = (what: string, least: number, most: number) => {
  const wrong = expected(`${what} from ${least} to ${most}`)
  return v.pipe(v.number(wrong), v.integer(wrong), v.minValue(least, wrong), v.maxValue(most, wrong))
}

export const Account = text(
  'a 12-digit account id in quotes, such as "123456789012": YAML reads bare digits as a number',
  /^\d{12}$/,
)

/** Whether it is one that there is, and that is enabled, only AWS can say. */
export const Region = text('a region, such as us-east-1', /^[a-z]{2}(?:-[a-z]{2,12}){1,3}-\d{1,2}$/)

export const mapping = <const T extends v.ObjectEntries>(entries: T) =>
  v.strictObject(entries, expected(`a mapping with ${Object.keys(entries).join(', ')}`))

/** Longest of every list: more is a mistake, and the checks across entries take their square. */
export const MOST = 100

export const list = <const T extends v.GenericSchema>(item: T, what: string, most = MOST) =>
  v.pipe(
    v.array(item, expected(what)),
    v.maxLength(most, `found more than ${most}, expected ${what.replace('a list', 'a shorter list')}`),
  )

/** One of some words, with the one that was probably meant. @param what they are, in words; it may depend on what was found */
export const pick = <const T extends readonly string[]>(
  options: T,
  what: (input: unknown) => string = () => oneOf(options),
) => v.picklist(options, ({ input }) => expected(what(input))({ input }) + didYouMean(input, options))

const isMapping = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A word or a mapping, with the faults of the one that it is meant to be: the library's union knows neither. */
export function wordOr<const W extends v.GenericSchema, const M extends v.GenericSchema>(word: W, whole: M) {
  const union = v.union([word, whole])
  const run: (typeof union)['~run'] = (dataset, config) =>
    (isMapping(dataset.value) ? whole : word)['~run'](dataset, config) as ReturnType<(typeof union)['~run']>
  return { ...union, '~run': run }
}
