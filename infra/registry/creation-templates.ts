import { Stack } from 'aws-cdk-lib'
import { CfnRepositoryCreationTemplate } from 'aws-cdk-lib/aws-ecr'
import { Construct } from 'constructs'
import { judgeSettings, newRepository } from '../../functions/domain/new-repository/new-repository.ts'
import { type Refusal, refuse } from '../refuse.ts'
import { isKnown, warnOf } from '../repository/wanted.ts'
import { withoutSlash } from './prefixes.ts'
import { stableId } from './stable-id.ts'
import { templateRole } from './template-role.ts'
import { type Completed, type CreationTemplate, completed, ROOT, templateRefusal, twice } from './wanted-template.ts'

export type { CreationTemplate, Occasion } from './wanted-template.ts'

/** How repositories are that nobody makes: ECR does, when an image is replicated, cached, or pushed to a name that is not there. */
export type BornRepositories =
  | {
      /** Whose they are, unless their template says it: their tag `Owner`. */
      readonly owner: string
      /**
       * Templates beside those that there are by default, or in place of those with the same prefix. By default there is one for all names, `ROOT`,
       * and one for the prefix of each cache.
       */
      readonly creationTemplates?: readonly CreationTemplate[]
    }
  | {
      /** ECR makes them as it likes: with tags that move, without a lifecycle policy and without an owner. */
      readonly creationTemplates: 'none'
    }

const PROP = 'creationTemplates'

function ownerRefusal(owner: string | undefined): Refusal | undefined {
  if (owner === undefined || (isKnown(owner) && owner.trim() === ''))
    return {
      prop: 'owner',
      why: 'it is missing, and the repositories that ECR makes would be nobody’s',
      write: "a name, such as 'platform-team', or creationTemplates: 'none'",
    }
  const [refusal] = judgeSettings({ tags: { owner } }, { isKnown }).refusals
  return refusal && { ...refusal, prop: 'owner' }
}

/** Those that were asked for, then those that are there by default: for all names, and for each cache. */
function all(asked: readonly CreationTemplate[], caches: readonly string[]): readonly CreationTemplate[] {
  const prefixes = asked.map(({ prefix }) => withoutSlash(prefix))
  return [...asked, ...[ROOT, ...caches].filter((prefix) => !prefixes.includes(prefix)).map((prefix) => ({ prefix }))]
}

function templateOf(scope: Construct, { prefix, appliedFor, wanted }: Completed): CfnRepositoryCreationTemplate {
  const { partition } = Stack.of(scope)
  const { create, lifecyclePolicyText, policyText } = newRepository(wanted, { partition })
  const filters = create.imageTagMutabilityExclusionFilters?.map(({ filterType, filter }) => ({
    imageTagMutabilityExclusionFilterType: filterType,
    imageTagMutabilityExclusionFilterValue: filter,
  }))
  return new CfnRepositoryCreationTemplate(scope, stableId(scope, prefix), {
    prefix,
    appliedFor: [...appliedFor],
    encryptionConfiguration: create.encryptionConfiguration,
    imageTagMutability: create.imageTagMutability,
    ...(filters && { imageTagMutabilityExclusionFilters: filters }),
    ...(lifecyclePolicyText !== undefined && { lifecyclePolicy: lifecyclePolicyText }),
    ...(policyText !== undefined && { repositoryPolicy: policyText }),
    resourceTags: (create.tags ?? []).map(({ Key: key, Value: value }) => ({ key, value })),
  })
}

const wildcardOf = ({ prefix }: Completed): string => (prefix === ROOT ? '*' : `${prefix}/*`)

/**
 * Templates after which ECR makes repositories: when an image is replicated, cached, or pushed to a name that is not there. They change no
 * repository that is there already.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html
 * @param caches prefixes of pull-through caches
 * @throws {Error} for what ECR would refuse, and for two templates of one prefix
 */
export function creationTemplates(scope: Construct, born: BornRepositories, caches: readonly string[]): void {
  if (born.creationTemplates === 'none') return
  const { owner, creationTemplates: templates = [] } = born
  const around = { stack: Stack.of(scope), owner, caches }
  const refusal =
    ownerRefusal(owner) ??
    templates.map((template, index) => templateRefusal(`${PROP}[${index}]`, template, around)).find(Boolean) ??
    twice(PROP, templates)
  if (refusal) refuse(scope, refusal)
  const group = new Construct(scope, 'CreationTemplates')
  const made = all(templates, caches).map((template) => completed(template, around))
  const wildcards = made.map(wildcardOf)
  const role = templateRole(group, {
    wildcards: wildcards.includes('*') ? ['*'] : wildcards,
    keys: new Set(
      made.filter(({ wanted: { encryption } }) => encryption !== 'AES256').map(({ wanted: { kmsKey } }) => kmsKey),
    ),
  })
  for (const template of made) {
    const resource = templateOf(group, template)
    resource.customRoleArn = role.roleArn
    // The rights of the role, too: without them the first repository would not be made.
    resource.node.addDependency(role)
    warnOf(resource, judgeSettings(template.wanted, { isKnown }).warnings)
  }
}
