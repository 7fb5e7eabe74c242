import { eventsOf, isPatient } from '../delivery.ts'
import type { ImageValues } from '../domain/facts/image-facts.ts'
import type { RepositoryRef, RepositoryValues } from '../domain/facts/repository-facts.ts'
import type { ImageRef } from '../domain/image.ts'
import { Gone, Unreadable } from '../faults.ts'
import { applied } from '../policy/in-registry.ts'
import { type Judged, type Judging, judge } from '../policy/judge.ts'
import { type Group, hasQuarantine, isJudgedAsImage } from './group.ts'
import type { Moves } from './moves.ts'
import type { Deps, Ports, TagMove } from './ports.ts'

/** What is known of a push. */
export type Gathered = {
  /** Undefined where no rule on images is in force, or the event itself says that it is no image. */
  readonly image: Judged | undefined
  readonly repository: Judged
  readonly moves: readonly TagMove[]
}

/** Milliseconds before ECR is asked again for an image that it does not know yet. */
const WAITS = [250, 750, 1_500, 3_000]

const notRead = (): Promise<never> => Promise.reject(new Unreadable('it is not read on a push', true, undefined))

export const repositoryOf = ({ image: { account, region, repository } }: Group): RepositoryRef => ({
  account,
  region,
  repository,
})

export function judgingOfRepository(group: Group, deps: Deps, now: Date): Judging<RepositoryValues, RepositoryRef> {
  const { ports, config } = deps
  const there = ports.registries(group.image)
  return {
    reader: { ...there.repositories, tags: notRead },
    rules: applied(group.rules.repository, there),
    exceptions: config.exceptions,
    now,
    isPatient: isPatient(group),
    // Whether its tags are immutable.
    ...(hasQuarantine(group) && { also: ['settings'] }),
  }
}

const judgingOfImage = (group: Group, { ports, config }: Deps, now: Date): Judging<ImageValues, ImageRef> => ({
  reader: { ...ports.registries(group.image).images, scan: notRead },
  rules: group.rules.image,
  exceptions: config.exceptions,
  now,
  isPatient: isPatient(group),
  also: ['detail', 'manifest'],
})

/** Judges an image as soon as ECR knows it. @throws {Gone} where it does not for some seconds, or the repository is not there */
async function judgeOnceThere(
  image: ImageRef,
  judging: Judging<ImageValues, ImageRef>,
  { pause }: Ports,
  repository: Promise<unknown>,
): Promise<Judged> {
  for (const milliseconds of WAITS) {
    try {
      return await judge(image, judging)
    } catch (error) {
      if (!(error instanceof Gone)) throw error
      await repository
      await pause(milliseconds)
    }
  }
  return judge(image, judging)
}

/**
 * Everything at once: of the repository, of the image, of where its tags were. All of it has ended when this ends.
 * @throws {Later} where a read may succeed later, and there is patience
 * @throws {Gone} where the image or the repository is not there
 */
export async function gatherPush(group: Group, deps: Deps, moves: Moves, now: Date): Promise<Gathered> {
  const repository = judge(repositoryOf(group), judgingOfRepository(group, deps, now))
  const image = isJudgedAsImage(group)
    ? judgeOnceThere(group.image, judgingOfImage(group, deps, now), deps.ports, repository)
    : undefined
  const moved = moves.by(eventsOf(group))
  await Promise.allSettled([repository, image, moved])
  return { repository: await repository, image: await image, moves: await moved }
}
