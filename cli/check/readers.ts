import { evidenceWhenNeeded } from '../../functions/adapters/evidence-reading.ts'
import { type EcrImageList, ecrImageList } from '../../functions/adapters/image-list.ts'
import { imageReader } from '../../functions/adapters/image-reader.ts'
import { ecrRegistry } from '../../functions/adapters/registry-reader.ts'
import { type EcrRepositories, ecrRepositories } from '../../functions/adapters/repository-reader.ts'
import type { Policy } from '../../functions/judging/policy.ts'
import type { Readers as Judging } from '../../functions/judging/readers.ts'
import type { Session } from '../aws/session.ts'

/** All that is read of a registry, and what lists its subjects. */
export type Readers = Judging & { readonly repositories: EcrRepositories; readonly list: EcrImageList }

type Reading = Pick<Policy, 'bases' | 'vouching'>

export const readersOf = (
  { aws, endpoint, registry: { region } }: Session,
  { bases, vouching }: Reading = { bases: [] },
): Readers => ({
  images: imageReader(aws, { region, endpoint, bases, evidence: vouching && evidenceWhenNeeded(vouching) }),
  registry: ecrRegistry(aws, region),
  repositories: ecrRepositories(aws, region),
  list: ecrImageList(aws, region),
})
