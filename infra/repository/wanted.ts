import { Annotations, Lazy, type Stack, Token } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { Lint } from '../../functions/domain/lifecycle/lint.ts'
import type {
  LifecycleWanted,
  Refusal,
  RepositoryWanted,
} from '../../functions/domain/new-repository/new-repository.ts'
import { OWN_TAGS } from '../../functions/domain/new-repository/tags.ts'
import type { CompliantRepositoryProps } from './props.ts'

/** Names of outputs, and what an export of CloudFormation may be called. */
export const EXPORTS = { uri: 'ECRRepositoryUri', arn: 'ECRRepositoryArn' } as const
const EXPORT = /^[A-Za-z0-9:-]+$/
const LONGEST_EXPORT = 255 - `-${EXPORTS.uri}`.length

/** Whether a text is known while the stack is synthesised. */
export const isKnown = (text: string): boolean => !Token.isUnresolved(text)

/** Names that CDK takes; ECR takes `team--a/web`, too. */
const NAME_OF_CDK = /^[a-z0-9]+(?:[._/-][a-z0-9]+)*$/

/** The name, as one that is known later where CDK would refuse it: it is judged here, by what ECR takes. */
export const nameForCdk = (name: string): string =>
  NAME_OF_CDK.test(name) && name.length >= 2 ? name : Lazy.string({ produce: () => name })

const OWN = Object.entries(OWN_TAGS) as readonly (readonly [keyof typeof OWN_TAGS, string])[]

export const tagsOf = (props: CompliantRepositoryProps): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(OWN.flatMap(([prop, key]) => (props[prop] === undefined ? [] : [[key, props[prop]]]))),
  ...props.tags,
})

function lifecycleOf(lifecycle: CompliantRepositoryProps['lifecycle'], stack: Stack): LifecycleWanted {
  if (lifecycle === undefined) return 'untagged'
  if (typeof lifecycle === 'string' || 'text' in lifecycle) return lifecycle
  const text = JSON.stringify(lifecycle)
  // A number that a parameter holds looks like one: only what resolves to itself is known.
  return { text: JSON.stringify(stack.resolve(lifecycle)) === text ? text : stack.toJsonString(lifecycle) }
}

/** What the properties ask for, in the words of the domain. @param kmsKey ARN of the key, where it has one of its own */
export function repositoryWanted(
  props: CompliantRepositoryProps,
  stack: Stack,
  kmsKey: string | undefined,
): RepositoryWanted {
  const { repositoryName, scanOnPush, tagMutability, tagExclusions, encryption, lifecycle } = props
  return {
    repositoryName,
    ...(scanOnPush !== undefined && { scanOnPush }),
    ...(tagMutability !== undefined && { tagMutability }),
    ...(tagExclusions !== undefined && { tagExclusions }),
    ...(encryption !== undefined && { encryption }),
    ...(kmsKey !== undefined && { kmsKey }),
    lifecycle: lifecycleOf(lifecycle, stack),
    tags: tagsOf(props),
  }
}

/** What only these properties can be wrong in. */
export function propsRefusal(props: CompliantRepositoryProps): Refusal | undefined {
  const { owner, tags = {}, exportAs } = props
  if (!owner?.trim())
    return { prop: 'owner', why: 'it is empty, and nobody would answer for the images', write: 'a team' }
  const [twice] = OWN.filter(([prop, key]) => props[prop] !== undefined && Object.hasOwn(tags, key))
  if (twice) return { prop: `tags.${twice[1]}`, why: `${twice[0]} says it, too`, write: 'the one or the other' }
  if (exportAs === undefined || !isKnown(exportAs)) return undefined
  if (EXPORT.test(exportAs) && exportAs.length <= LONGEST_EXPORT) return undefined
  return {
    prop: 'exportAs',
    why: `${JSON.stringify(exportAs)} is no beginning of the name of an export`,
    write: `1 to ${LONGEST_EXPORT} letters, digits, colons and hyphens, such as my-app`,
  }
}

/** The property that a refusal of the domain is about, as it is called here. */
export function ofProp({ prop, ...rest }: Refusal, props: CompliantRepositoryProps): Refusal {
  const [own] = OWN.filter(([name, key]) => prop === `tags.${key}` && props[name] !== undefined)
  return { ...rest, prop: own?.[0] ?? (prop === 'kmsKey' ? 'encryptionKey' : prop) }
}

/** What a lifecycle policy may do otherwise than was meant, as warnings of CDK. */
export function warnOf(construct: Construct, warnings: readonly Lint[]): void {
  for (const { code, rule, field, problem, instead } of warnings)
    Annotations.of(construct).addWarningV2(
      `ecr-steward:lifecycle.${code}`,
      `lifecycle: rule ${rule}, ${field}: ${problem} ${instead}`,
    )
}
