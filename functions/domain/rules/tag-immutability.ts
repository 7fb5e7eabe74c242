import type { RepositorySettings } from '../facts/repository-facts.ts'
import { covers } from '../pattern.ts'
import { awsCommand } from '../rule/aws-command.ts'
import { fail, pass } from '../rule/judgement.ts'
import { globs } from '../rule/parameter.ts'
import type { EcrWrite } from '../rule/remedy.ts'
import { repositoryRule } from '../rule/rule.ts'

type Mutability = Pick<RepositorySettings, 'tagMutability' | 'exclusions'>

const inWords = ({ tagMutability, exclusions }: Mutability): string =>
  exclusions.length > 0 ? `${tagMutability} (${exclusions.join(', ')})` : tagMutability

const put = (repositoryName: string, { tagMutability, exclusions }: Mutability): EcrWrite => ({
  operation: 'PutImageTagMutability',
  input: {
    repositoryName,
    imageTagMutability: tagMutability,
    ...(exclusions.length > 0 && {
      imageTagMutabilityExclusionFilters: exclusions.map((filter) => ({ filterType: 'WILDCARD', filter })),
    }),
  },
})

/** ECR's `*` and that of the configuration are the same within a tag, which has no slash. */
const isAllowed = (exclusion: string, allowed: readonly string[]): boolean =>
  allowed.some((pattern) => covers(pattern, exclusion))

const immutableBut = (exclusions: readonly string[]): Mutability => ({
  tagMutability: exclusions.length > 0 ? 'IMMUTABLE_WITH_EXCLUSION' : 'IMMUTABLE',
  exclusions,
})

/** What stays movable: of what is movable now, only what is allowed. */
const tightened = ({ tagMutability, exclusions }: Mutability, allowed: readonly string[]): Mutability =>
  immutableBut(
    tagMutability === 'IMMUTABLE_WITH_EXCLUSION' ? exclusions.filter((one) => isAllowed(one, allowed)) : allowed,
  )

export const tagImmutability = repositoryRule({
  id: 'tag-immutability',
  severity: 'MEDIUM',
  summary: 'Tags cannot be moved to another image.',
  why: 'A tag that moves makes a deployment run what nobody tested, and a roll-back return to something else.',
  see: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html',
  needs: ['settings'],
  parameters: {
    exclusions: globs({
      about: 'Tags that may move all the same, as the exclusion filters of the repository are written: at most five.',
      default: [],
      example: '["latest", "dev-*"]',
    }),
  },
  judge({ settings }, { exclusions: allowed }, { ref }) {
    const evidence = [{ name: 'Tag mutability', value: inWords(settings) }]
    const { tagMutability, exclusions } = settings
    const foreign = exclusions.filter((exclusion) => !isAllowed(exclusion, allowed))
    if (tagMutability === 'IMMUTABLE') return pass('Tags are immutable.', evidence)
    if (tagMutability === 'IMMUTABLE_WITH_EXCLUSION' && foreign.length === 0)
      return pass('Tags are immutable, but for those that may move.', evidence)
    const reason =
      tagMutability === 'IMMUTABLE_WITH_EXCLUSION'
        ? `Tags that match ${foreign.join(', ')} can be moved.`
        : 'Tags can be moved to another image.'
    const { operation, input } = put(ref.repository, tightened(settings, allowed))
    const fix = {
      text: 'Make the tags of the repository immutable.',
      command: awsCommand(operation, input, ref.region),
      cdk: 'imageTagMutability: TagMutability.IMMUTABLE',
    }
    return fail(reason, fix, evidence)
  },
  writes: ['PutImageTagMutability'],
  remedy: ({ settings }, { exclusions: allowed }, { ref }) => ({
    what: 'Make tags immutable',
    write: put(ref.repository, tightened(settings, allowed)),
    undo: put(ref.repository, settings),
  }),
})
