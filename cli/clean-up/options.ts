import { number, text } from '../option.ts'

export const STORE_OPTION = {
  store: text(
    '--store <PLACE>',
    'Where plans and the journal are kept: s3://BUCKET/PREFIX, as the stack has it in its output CleanUpStore, or a folder. Otherwise .ecr-steward/clean-up.',
  ),
}

/** Repositories that are read side by side unless told otherwise: each is held whole. */
export const AT_ONCE = 20

/** In the place of those for whoever judges. */
export const READING_OPTIONS = {
  concurrency: number('--concurrency <N>', `How many repositories are read at once. Otherwise ${AT_ONCE}.`, {
    least: 1,
    most: 500,
    isWhole: true,
  }),
}
