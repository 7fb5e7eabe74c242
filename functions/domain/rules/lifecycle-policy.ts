import type { RepositoryRef } from '../facts/repository-facts.ts'
import { isBounded, TAG_STATUSES, type TagStatus } from '../lifecycle/bounds.ts'
import { type Bounds, boundedLifecycle, newLifecycle } from '../lifecycle/merge.ts'
import { type LifecycleRule, lifecycleText, parseLifecycle } from '../lifecycle/policy.ts'
import { awsCommand } from '../rule/aws-command.ts'
import { type Fix, fail, pass, unknown } from '../rule/judgement.ts'
import { choices, count, days } from '../rule/parameter.ts'
import type { EcrWrite } from '../rule/remedy.ts'
import { repositoryRule } from '../rule/rule.ts'

const put = (repositoryName: string, rules: readonly LifecycleRule[]): EcrWrite => ({
  operation: 'PutLifecyclePolicy',
  input: { repositoryName, lifecyclePolicyText: lifecycleText(rules) },
})

const commandFor = (ref: RepositoryRef, rules: readonly LifecycleRule[]): string => {
  const { operation, input } = put(ref.repository, rules)
  return awsCommand(operation, input, ref.region)
}

/** Untagged images always: a policy needs a rule. */
const defaultPolicy = (mustExpire: readonly TagStatus[], bounds: Bounds): readonly LifecycleRule[] =>
  newLifecycle(
    TAG_STATUSES.filter((status) => status === 'untagged' || mustExpire.includes(status)),
    bounds,
  )

function addition(
  ref: RepositoryRef,
  rules: readonly LifecycleRule[],
  merged: readonly LifecycleRule[] | undefined,
): Fix {
  const cdk = 'lifecycleRules: [{ tagStatus: TagStatus.UNTAGGED, maxImageAge: Duration.days(…) }, { maxImageCount: … }]'
  if (!merged)
    return {
      text: 'Change the rules of the policy by hand: a rule that is added would not be reached, or ECR would not take it.',
      cdk,
    }
  return {
    text: 'Add to the policy what it lacks; all of its rules stay.',
    command: commandFor(ref, merged),
    cdk,
    change: { before: lifecycleText(rules, 2), after: lifecycleText(merged, 2) },
  }
}

export const lifecyclePolicy = repositoryRule({
  id: 'lifecycle-policy',
  severity: 'MEDIUM',
  summary: 'A lifecycle policy keeps the repository from growing for ever.',
  why: 'Without one every image stays and is paid for, and the one that matters is hard to find. An image that runs by its digest alone should have a tag, so that a rule on untagged images does not take it.',
  see: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html',
  needs: ['lifecyclePolicy'],
  writes: ['PutLifecyclePolicy'],
  parameters: {
    mustExpire: choices(TAG_STATUSES, {
      about: 'Which images the policy has to bound; without any, it has to be there.',
      default: [],
      example: '[untagged]',
    }),
    untaggedDays: days({
      about: 'After how many days untagged images expire, in a policy that is put or offered.',
      default: 30,
      example: '14',
    }),
    keepTagged: count({
      about: 'How many tagged images stay, in a policy that is offered.',
      least: 1,
      default: 100,
      example: '50',
    }),
  },
  judge({ lifecyclePolicy: text }, parameters, { ref }) {
    const { mustExpire, ...bounds } = parameters
    if (text === undefined) {
      const fix = {
        text: 'Put a lifecycle policy; preview it first, since it expires images within a day.',
        command: commandFor(ref, defaultPolicy(mustExpire, bounds)),
        cdk: `lifecycleRules: [{ tagStatus: TagStatus.UNTAGGED, maxImageAge: Duration.days(${bounds.untaggedDays}) }]`,
      }
      return fail('There is no lifecycle policy.', fix)
    }
    const rules = parseLifecycle(text)
    if (!rules) return unknown('The lifecycle policy has another form than is known here.')
    const evidence = [{ name: 'Lifecycle rules', value: String(rules.length) }]
    const lacking = mustExpire.filter((status) => !isBounded(rules, status))
    if (lacking.length === 0) return pass('There is a lifecycle policy.', evidence)
    const fix = addition(ref, rules, boundedLifecycle(rules, mustExpire, bounds))
    return fail(`The lifecycle policy lets ${lacking.join(' and ')} images grow for ever.`, fix, evidence)
  },
  /** Never in place of another policy, and never on tagged images: which of them may go is for people to say. */
  remedy({ lifecyclePolicy: text }, parameters, { ref }) {
    const { mustExpire, ...bounds } = parameters
    if (text !== undefined || mustExpire.includes('tagged')) return undefined
    return {
      what: `Put a lifecycle policy: untagged images expire after ${bounds.untaggedDays} days`,
      write: put(ref.repository, defaultPolicy([], bounds)),
      undo: { operation: 'DeleteLifecyclePolicy', input: { repositoryName: ref.repository } },
    }
  },
})
