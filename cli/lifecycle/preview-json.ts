import type { Missing } from '../check/subjects.ts'
import type { PreviewImage, PreviewSummary } from './preview-result.ts'
import type { Previewed } from './previewed.ts'
import { sumsOf } from './sums.ts'

function* imagesOf({ evaluated: { verdicts } }: Previewed): Generator<string> {
  let between = '\n'
  for (const { digest, tags, action, rule, reason, dueAt, sizeBytes } of verdicts[0]) {
    const image: PreviewImage = { digest, tags: [...tags], action, rule, reason, dueAt, sizeBytes }
    yield between + JSON.stringify(image)
    between = ',\n'
  }
}

function summaryOf({ evaluated: { verdicts }, now }: Previewed): PreviewSummary {
  const [own] = verdicts
  return { at: now.toISOString(), images: own.size, ...sumsOf(own) }
}

/** The fields of one repository, without the brackets around them. */
function* fieldsOf(previewed: Previewed): Generator<string> {
  yield '"images":['
  yield* imagesOf(previewed)
  yield `\n],"summary":${JSON.stringify(summaryOf(previewed))}`
  if (previewed.differences) yield `,"differences":${JSON.stringify(previewed.differences)}`
}

/** The result of one repository, as `docs/lifecycle-preview.schema.json` has it: an image a line. */
export function* oneJson(previewed: Previewed): Generator<string> {
  yield '{'
  yield* fieldsOf(previewed)
  yield '}\n'
}

export const SEVERAL_HEAD = '{"repositories":['

/** One of several repositories. */
export function* entryJson(previewed: Previewed): Generator<string> {
  const { repository, account, region } = previewed.evaluated.ref
  yield `\n${JSON.stringify({ repository, account, region }).slice(0, -1)},`
  yield* fieldsOf(previewed)
  yield '}'
}

export const severalTail = (missing: readonly Missing[]): string => `\n],"missing":${JSON.stringify(missing)}}\n`
