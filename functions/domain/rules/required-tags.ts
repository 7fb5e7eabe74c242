import type { RepositoryRef } from '../facts/repository-facts.ts'
import { TAG_KEY, type Tags } from '../new-repository/tags.ts'
import { repositoryArn } from '../registry.ts'
import { awsCommand } from '../rule/aws-command.ts'
import { fail, pass } from '../rule/judgement.ts'
import { pairs, texts } from '../rule/parameter.ts'
import type { EcrWrite } from '../rule/remedy.ts'
import { repositoryRule } from '../rule/rule.ts'

const isMissing = (tags: Tags, key: string): boolean => !Object.hasOwn(tags, key) || tags[key]?.trim() === ''

/** `owner` where `Owner` is asked for: to AWS these are two keys. */
const lookalike = (tags: Tags, key: string): string | undefined =>
  Object.keys(tags).find((other) => other !== key && other.toLowerCase() === key.toLowerCase())

const tagging = (ref: RepositoryRef, keys: readonly string[], values: Tags): EcrWrite => ({
  operation: 'TagResource',
  input: { resourceArn: repositoryArn(ref), tags: keys.map((Key) => ({ Key, Value: values[Key] })) },
})

export const requiredTags = repositoryRule({
  id: 'required-tags',
  severity: 'LOW',
  summary: 'The repository has the tags that say whose it is.',
  why: 'Without an owner nobody is told, nobody answers for the cost, and nobody dares to delete.',
  see: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-using-tags.html',
  needs: ['tags'],
  writes: ['TagResource'],
  parameters: {
    keys: texts(TAG_KEY, 'a tag key such as Owner', {
      about: 'Keys that must be there, with a value. Case counts.',
      default: ['Owner'],
      example: '[Owner, cost-centre]',
    }),
    values: pairs({
      about: 'What enforcement sets where a key is missing.',
      default: {},
      example: '{ Owner: platform-team, cost-centre: shared }',
      requiredToEnforce: true,
    }),
  },
  judge({ tags }, { keys, values }, { ref }) {
    const evidence = [{ name: 'Tags', value: Object.keys(tags).join(', ') || 'none' }]
    const missing = keys.filter((key) => isMissing(tags, key))
    if (missing.length === 0) return pass('The tags are there.', evidence)
    const other = missing.map((key) => lookalike(tags, key)).find(Boolean)
    const reason = `${missing.length === 1 ? 'A tag is' : 'Tags are'} missing: ${missing.join(', ')}${other ? `; ${other} is another key` : ''}.`
    const { operation, input } = tagging(ref, missing, values)
    const fix = {
      text: `Set ${missing.length === 1 ? 'the tag' : 'the tags'}.`,
      ...(missing.every((key) => values[key]) && { command: awsCommand(operation, input, ref.region) }),
      cdk: missing.map((key) => `Tags.of(repository).add('${key}', '${values[key] ?? '…'}')`).join('; '),
    }
    return fail(reason, fix, evidence)
  },
  /** Only where every missing key has a value, and none is there without one: that would be somebody's to replace. */
  remedy({ tags }, { keys, values }, { ref }) {
    const missing = keys.filter((key) => isMissing(tags, key))
    if (missing.some((key) => Object.hasOwn(tags, key) || !values[key])) return undefined
    return {
      what: `Set ${missing.length === 1 ? 'the tag' : 'the tags'} ${missing.join(', ')}`,
      write: tagging(ref, missing, values),
      undo: { operation: 'UntagResource', input: { resourceArn: repositoryArn(ref), tagKeys: missing } },
    }
  },
})
