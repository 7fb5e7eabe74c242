import * as v from 'valibot'
import { expected, list, text } from './words.ts'

/** Longest name of a repository in ECR. */
const LONGEST_NAME = 256

/** Segments of what an ECR repository name may hold, and `*`. @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html */
const PATTERN = new RegExp(`^(?=.{1,${LONGEST_NAME}}$)[a-z0-9._*-]+(?:/[a-z0-9._*-]+)*$`)

export const isPattern = (word: string): boolean => PATTERN.test(word)

/** @param meaning what matching one of them does */
export const repositories = (meaning: string) =>
  v.pipe(
    list(
      text('a repository pattern: lower case, digits, . _ - / and the wildcards * and **', PATTERN),
      'a list of repository patterns, such as ["prod/**"]',
    ),
    v.minLength(1, expected('at least one repository pattern, such as "**"')),
    v.description(`Which repositories: * stays within one path segment, ** crosses. ${meaning}`),
    v.examples([['**'], ['prod/**', 'team-a/*']]),
  )
