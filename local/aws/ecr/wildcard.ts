import { ANY, fits } from '../../../functions/domain/wildcard.ts'

/** Whether a text fits a pattern of ECR, in which `*` stands for any characters. */
export const matchesWildcard = (pattern: string, text: string): boolean =>
  fits(
    pattern.split('').map((character) => (character === '*' ? ANY : character)),
    text,
  )
