import { minute } from '../../functions/domain/compose.ts'
import { counted, grouped } from '../../functions/domain/counted.ts'
import type { FindResult } from './result.ts'

const haveIt = (count: number): string => (count === 1 ? 'has' : 'have')
const are = (count: number): string => `${grouped(count)} ${count === 1 ? 'is' : 'are'}`

function useOf({ images, inUse, useUnknown }: FindResult['totals']): string {
  if (useUnknown === images) return 'whether they are in use is not known'
  const known = inUse === 0 ? 'none is known to be in use' : `${are(inUse)} in use`
  return useUnknown === 0
    ? known.replace('none is known to be', 'none is')
    : `${known}, of ${grouped(useUnknown)} that is not known`
}

function foundIn({ query, totals }: FindResult): string {
  const { images, repositories, unsure } = totals
  const where = `in ${counted(repositories, 'repository', 'repositories')}`
  const found = `${counted(images, 'image')} ${where} ${haveIt(images)} ${query}; ${useOf(totals)}.`
  return unsure === 0
    ? found
    : `${found} ${counted(unsure, 'image')} more may: the version is not known, or cannot be compared.`
}

/** Nobody may take it for clean where not everything is known. */
function notFound({ query, totals: { covered, uncovered, unsure } }: FindResult): string {
  const none = uncovered === 0 ? '' : `; ${grouped(uncovered)} ${haveIt(uncovered)} none, and may have it`
  if (unsure > 0)
    return `${counted(unsure, 'image')} may have ${query}: the version is not known, or cannot be compared. Not found in the rest of ${counted(covered, 'image')} with an SBOM${none}.`
  return `${query}: not found in the ${counted(covered, 'image')} with an SBOM${none}.`
}

/** What came of it, what is not covered, and how old it is. */
export function sentencesOf(result: FindResult, isMissing: boolean): readonly string[] {
  const { query, oldest, totals } = result
  const { images, covered, uncovered, unreadRepositories } = totals
  const coverage = `${counted(uncovered, 'image')} without an SBOM that can be read; ${grouped(covered)} ${haveIt(covered)} one.`
  const answer = isMissing || query === null ? coverage : images > 0 ? foundIn(result) : notFound(result)
  const more = `Of ${counted(uncovered, 'image')} nothing is known, since ${uncovered === 1 ? 'it has' : 'they have'} no SBOM that can be read: --missing lists them.`
  return [
    answer,
    ...(!isMissing && images > 0 && uncovered > 0 ? [more] : []),
    ...(!isMissing && images === 0 && uncovered > 0 ? ['--missing lists those without.'] : []),
    ...(unreadRepositories > 0
      ? [`${counted(unreadRepositories, 'repository', 'repositories')} could not be read by any sweep yet.`]
      : []),
    ...(oldest === null ? [] : [`All as of ${minute(oldest)} or later.`]),
  ]
}
