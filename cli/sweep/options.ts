import { InvalidArgumentError } from 'commander'
import { type Option, text } from '../option.ts'

/** What a report can be had as. */
export const FORMATS = ['html', 'json', 'csv', 'md'] as const

export type Format = (typeof FORMATS)[number]

/** One of a few words. */
export const choice = <const T extends string>(
  flags: string,
  about: string,
  words: readonly [T, ...(readonly T[])],
): Option<T> => ({
  ...{ flags, about, otherwise: words[0], words },
  read(given) {
    const known = words.find((word) => word === given)
    if (known !== undefined) return known
    throw new InvalidArgumentError(`Expected one of ${words.join(', ')}.`)
  },
})

export const STORE_OPTION = {
  store: text(
    '--store <PLACE>',
    'Where sweeps are kept: s3://BUCKET, that of the stack, s3://BUCKET/PREFIX, or a folder. Otherwise .ecr-steward/sweep.',
  ),
}
