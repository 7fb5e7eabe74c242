import type { RegistryRef } from '../facts/registry-facts.ts'
import { repositoryArn } from '../registry.ts'
import { type AsffResource, LIMITS, within } from './asff.ts'
import type { ImageRecord, RegistryRecord, RepositoryRecord } from './record.ts'

/** As Inspector names an image, so that Security Hub shows both beside each other. */
export function imageResource(
  { account, region, repository }: RepositoryRecord,
  { digest, tags, pushedAt }: Pick<ImageRecord, 'digest' | 'tags' | 'pushedAt'>,
  partition: string,
): AsffResource {
  const names = tags.slice(0, LIMITS.list).map((tag) => within(tag, LIMITS.word))
  return {
    Type: 'AwsEcrContainerImage',
    Id: `${repositoryArn({ account, region, repository })}/${digest}`,
    Partition: partition,
    Region: region,
    Details: {
      AwsEcrContainerImage: {
        ...{ RegistryId: account, RepositoryName: repository, ImageDigest: digest, ImagePublishedAt: pushedAt },
        ...(names.length > 0 && { ImageTags: names }),
      },
    },
  }
}

export function repositoryResource(record: RepositoryRecord, partition: string): AsffResource {
  const Arn = repositoryArn(record)
  return {
    ...{ Type: 'AwsEcrRepository', Id: Arn, Partition: partition, Region: record.region },
    Details: { AwsEcrRepository: { Arn, RepositoryName: record.repository } },
  }
}

/** ASFF has no type for a registry. */
export const registryResource = ({ account, region }: RegistryRef, partition: string): AsffResource => ({
  ...{ Type: 'Other', Id: `arn:${partition}:ecr:${region}:${account}:registry`, Partition: partition, Region: region },
})

/** Of the record itself. */
export const resourceOf = (record: RepositoryRecord | RegistryRecord, partition: string): AsffResource =>
  record.kind === 'registry' ? registryResource(record, partition) : repositoryResource(record, partition)
