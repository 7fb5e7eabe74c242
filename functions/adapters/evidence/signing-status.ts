import type { ImageRef } from '../../domain/image.ts'
import { Unreadable } from '../../faults.ts'
import type { SigningStatus } from '../../policy/evidence/ports.ts'
import type { EcrCall } from '../ecr-call.ts'
import { AwsError } from '../signed-aws.ts'

type Answer = {
  readonly signingStatuses: readonly {
    readonly signingProfileArn?: string
    readonly status?: string
    readonly failureCode?: string
    readonly failureReason?: string
  }[]
}

/** It is not documented for this operation, but for those about the configuration itself. */
const isUnconfigured = (error: unknown): boolean =>
  error instanceof Unreadable &&
  error.cause instanceof AwsError &&
  error.cause.code === 'SigningConfigurationNotFoundException'

const isStatus = (status: string | undefined): status is SigningStatus['status'] =>
  status === 'IN_PROGRESS' || status === 'COMPLETE' || status === 'FAILED'

/**
 * What ECR says of the signatures that it made of an image; nothing where no rule of the registry has it signed.
 * @throws {Unreadable} also where it says what is not known here
 * @throws {Gone}
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImageSigningStatus.html
 */
export async function signingStatus(call: EcrCall, image: ImageRef): Promise<readonly SigningStatus[]> {
  const { signingStatuses = [] } = await call<Answer>(image, 'DescribeImageSigningStatus', {
    registryId: image.account,
    repositoryName: image.repository,
    imageId: { imageDigest: image.digest },
  }).catch((error: unknown): Partial<Answer> => {
    if (isUnconfigured(error)) return {}
    throw error
  })
  return (signingStatuses ?? []).map(({ signingProfileArn: profile, status, failureCode, failureReason }) => {
    if (profile === undefined || !isStatus(status))
      throw new Unreadable('ECR answered DescribeImageSigningStatus with what is not known here', true, undefined)
    const why = [failureCode, failureReason].filter(Boolean).join(': ')
    return { profile, status, ...(why && { why }) }
  })
}
