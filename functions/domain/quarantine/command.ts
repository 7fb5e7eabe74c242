import type { ImageRef } from '../image.ts'
import { pullReference } from '../registry.ts'
import { shellWord } from '../rule/aws-command.ts'

/**
 * The line that shows how an image comes out of quarantine.
 * @param table ARN of the table that the steward remembers it in, where it is not that of the image's own registry
 */
export const releaseCommand = (image: ImageRef, table?: string): string =>
  ['ecr-steward release', pullReference(image), ...(table === undefined ? [] : ['--table', shellWord(table)])].join(' ')
