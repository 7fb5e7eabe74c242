import type { RepositoryRef, RepositorySettings } from '../../functions/domain/facts/repository-facts.ts'
import { isSamePolicy } from '../../functions/domain/lifecycle/add-rules.ts'
import type { NewRepository } from '../../functions/domain/new-repository/new-repository.ts'
import type { Tags } from '../../functions/domain/new-repository/tags.ts'
import { repositoryArn } from '../../functions/domain/registry.ts'
import { awsCommand, shellWord } from '../../functions/domain/rule/aws-command.ts'
import { isSameDocument } from './same-policy.ts'

/** A repository that is there already. */
export type Existing = {
  readonly settings: RepositorySettings
  readonly tags: Tags
  readonly lifecyclePolicy: string | undefined
  readonly policy: string | undefined
  readonly hasImages: boolean
}

/** Something that is otherwise than asked, and what changes it. */
export type Difference = { readonly what: string; readonly is: string; readonly asked: string; readonly next: string }

type Asked = { readonly ref: RepositoryRef; readonly made: NewRepository; readonly existing: Existing }

const mutabilityText = (mutability: string, filters: readonly string[]): string =>
  filters.length > 0 ? `${mutability} (${filters.toSorted().join(', ')})` : mutability

function ofMutability({ ref: { repository, region }, made: { create }, existing: { settings } }: Asked): Difference[] {
  const { imageTagMutability, imageTagMutabilityExclusionFilters = [] } = create
  const filters = imageTagMutabilityExclusionFilters.map(({ filter }) => filter)
  const is = mutabilityText(settings.tagMutability, settings.exclusions)
  const asked = mutabilityText(imageTagMutability, filters)
  if (is === asked) return []
  const input = {
    ...{ repositoryName: repository, imageTagMutability },
    ...(filters.length > 0 && { imageTagMutabilityExclusionFilters }),
  }
  return [{ what: 'tag mutability', is, asked, next: awsCommand('PutImageTagMutability', input, region) }]
}

const onOff = (is: boolean): string => (is ? 'on' : 'off')

function ofScanning({ ref: { repository, region }, made: { create }, existing: { settings } }: Asked): Difference[] {
  const { imageScanningConfiguration } = create
  const { scanOnPush } = imageScanningConfiguration
  if (settings.scanOnPush === scanOnPush) return []
  const input = { repositoryName: repository, imageScanningConfiguration }
  const next = awsCommand('PutImageScanningConfiguration', input, region)
  return [{ what: 'scan on push', is: onOff(settings.scanOnPush), asked: onOff(scanOnPush), next }]
}

/** An alias names whichever key, and an id is the end of an ARN. */
const isSameKey = (is: string | undefined, asked: string | undefined): boolean =>
  asked === undefined || asked.includes('alias/') || is === asked || is?.endsWith(`/${asked}`) === true

function ofEncryption({ made: { create }, existing: { settings } }: Asked): Difference[] {
  const { encryptionType, kmsKey } = create.encryptionConfiguration
  const { encryption } = settings
  if (encryption.type === encryptionType && isSameKey(encryption.kmsKey, kmsKey)) return []
  const text = (type: string, key: string | undefined): string => (key === undefined ? type : `${type}, ${key}`)
  return [
    {
      ...{ what: 'encryption', is: text(encryption.type, encryption.kmsKey), asked: text(encryptionType, kmsKey) },
      next: 'It can never be changed: make a repository of another name, and copy the images.',
    },
  ]
}

function ofTags({ ref, made: { create }, existing: { tags } }: Asked): Difference[] {
  const other = (create.tags ?? []).filter(({ Key, Value }) => tags[Key] !== Value)
  if (other.length === 0) return []
  const next = awsCommand('TagResource', { resourceArn: repositoryArn(ref), tags: other }, ref.region)
  const text = (value: string | undefined): string => (value === undefined ? 'not there' : JSON.stringify(value))
  return other.map(({ Key, Value }) => ({ what: `tag ${Key}`, is: text(tags[Key]), asked: text(Value), next }))
}

/** One that is lacking is added, unless it would be to images that are there: then somebody has to look at what goes. */
function ofLifecycle({ ref: { repository }, made, existing }: Asked): Difference[] {
  const [before, after] = [existing.lifecyclePolicy, made.lifecyclePolicyText]
  const [what, name] = ['lifecycle policy', shellWord(repository)]
  const apply = (flag: string) => `ecr-steward lifecycle apply FILE ${name}${flag}, where FILE holds ${after}`
  if (after === undefined)
    return before === undefined
      ? []
      : [{ what, is: 'one', asked: 'none', next: `ecr-steward lifecycle delete ${name}` }]
  if (before === undefined)
    return existing.hasImages ? [{ what, is: 'none, and images', asked: 'one', next: apply('') }] : []
  return isSamePolicy(before, after) ? [] : [{ what, is: 'one', asked: 'another one', next: apply(' --replace') }]
}

function ofPolicy({ ref: { repository, region }, made, existing }: Asked): Difference[] {
  const [is, asked] = [existing.policy, made.policyText]
  const what = 'repository policy'
  const input = { repositoryName: repository }
  if (asked === undefined)
    return is === undefined
      ? []
      : [{ what, is: 'one', asked: 'none', next: awsCommand('DeleteRepositoryPolicy', input, region) }]
  if (is === undefined || isSameDocument(is, asked)) return []
  const next = awsCommand('SetRepositoryPolicy', { ...input, policyText: asked }, region)
  return [{ what, is: 'one', asked: 'another one', next }]
}

/**
 * What is otherwise than asked in a repository that is there. Tags beside those that are asked for are no difference, and what
 * it only lacks is none where it can be added.
 * @param flagCounts whether its own scan on push has a say, beside the rules of the registry
 */
export const differencesOf = (asked: Asked, flagCounts: boolean): readonly Difference[] => [
  ...ofMutability(asked),
  ...(flagCounts ? ofScanning(asked) : []),
  ...ofEncryption(asked),
  ...ofTags(asked),
  ...ofLifecycle(asked),
  ...ofPolicy(asked),
]
