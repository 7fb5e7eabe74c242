import pLimit from 'p-limit'
import type { NotJudged, RepositoryRecord } from '../domain/sweep/record.ts'
import { inOrder } from '../judging/in-order.ts'
import { policyOf } from '../judging/policy.ts'
import { judgeRepository, type SweptRepository } from './judge-repository.ts'
import type { SweepDeps } from './judging.ts'
import { SBOMS_AT_ONCE, sbomReading } from './package-part.ts'
import { planningOf } from './removable.ts'

/** Unless told otherwise; more gains nothing. */
const AT_ONCE = { repositories: 25, images: 50 }

async function* asAsync<T>(items: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T> {
  yield* items
}

/**
 * Judges repositories of one registry with all that a sweep asks of them, in their order, each as soon as it is known. Of
 * each: its settings, its tagged images with the findings of their scans, what is stored, what clean-up would delete. One
 * that is gone meanwhile says so (`isGone`); what AWS refuses is in the record, or makes it `not-judged`, and stops nothing.
 *
 * Calls of ECR for R repositories with I images, T of them tagged: R for tags, R for lifecycle policies, Σ⌈I/1000⌉ for
 * images, and one for the scan of each image that is tagged or the platform of a tagged index, unless the listing says that
 * it is clean. Where something asks for them: R for settings that are not given, R for repository policies, and
 * Σ⌈T/100⌉ for manifests, with Σ⌈P/100⌉ for those of the platforms of indexes.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html
 */
export async function* judgeRepositories(
  repositories: Iterable<SweptRepository> | AsyncIterable<SweptRepository>,
  deps: SweepDeps,
): AsyncGenerator<RepositoryRecord | NotJudged> {
  const { repositories: atOnce, images } = deps.atOnce ?? AT_ONCE
  const limit = pLimit(images)
  // Findings are what a sweep is for, also where no rule asks for them.
  const inForce = { ...policyOf(deps.config, []), readsScanOf: () => true }
  const sbomLimit = pLimit(SBOMS_AT_ONCE)
  const judging = {
    ...{ ...deps, inForce, planning: planningOf(deps), limit: <T>(work: () => Promise<T>) => limit(work) },
    sboms: sbomReading((work) => sbomLimit(work), deps.exported),
  }
  const records = inOrder(asAsync(repositories), atOnce, (repository) => judgeRepository(repository, judging))
  yield* records
}
