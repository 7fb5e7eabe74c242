import type { ImageReference } from '../../domain/in-use/use.ts'
import { AwsError } from '../signed-aws.ts'
import { imagesOf, lastPart, type Reading, Refused } from './site.ts'

type Definition = { readonly containerDefinitions?: readonly { readonly image?: string }[] }

/** ECS has this code for everything that is wrong with a request. */
const isGone = (error: unknown): boolean =>
  error instanceof Refused &&
  error.code === 'ClientException' &&
  error.cause instanceof AwsError &&
  /^Unable to describe task definition\.?$/i.test(String(error.cause.detail.message ?? error.cause.detail.Message))

/** Whether it names a revision, whose images never change. */
const hasRevision = (name: string): boolean => /:\d+$/.test(lastPart(name))

async function described(reading: Reading, name: string): Promise<readonly ImageReference[]> {
  const answer = await reading.call('ecs', 'DescribeTaskDefinition', { taskDefinition: name }).catch((error) => {
    if (isGone(error)) return { taskDefinition: { containerDefinitions: [] } }
    throw error
  })
  const containers = (answer.taskDefinition as Definition | undefined)?.containerDefinitions
  if (!Array.isArray(containers))
    throw new Refused('ecs:DescribeTaskDefinition', 'without containerDefinitions', 'check endpoints and proxies')
  return imagesOf(containers.map(({ image }) => image))
}

/**
 * Images of a task definition: of its newest active revision where the name says none, also of a revision that is inactive.
 * One that is deleted starts nothing, and has none. A revision is asked for once.
 * @param name family, family and revision, or an ARN with or without the revision
 * @throws {Refused}
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTaskDefinition.html
 */
export async function imagesOfTaskDefinition(reading: Reading, name: string): Promise<readonly ImageReference[]> {
  const { known } = reading.site
  const before = known.get(name)
  if (before) return before
  const images = await described(reading, name)
  if (hasRevision(name)) known.set(name, images)
  return images
}

/** `web:42` of its ARN. */
export const shortTaskDefinition = (name: string): string => lastPart(name)
