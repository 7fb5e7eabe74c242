import { UNSEEN } from './domain/unseen.ts'

/** What CloudFormation gives back with an answer. @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html */
export type Asked = {
  readonly ResponseURL: string
  readonly StackId: string
  readonly RequestId: string
  readonly LogicalResourceId: string
}

/** `Data` are attributes of the resource. @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html */
export type Answer =
  | {
      readonly Status: 'SUCCESS'
      readonly PhysicalResourceId: string
      readonly Data?: Readonly<Record<string, string>>
    }
  | { readonly Status: 'FAILED'; readonly PhysicalResourceId: string; readonly Reason: string }

/** CloudFormation takes 4,096 bytes with all the rest; people read one sentence. Characters. */
export const LONGEST_REASON = 1_000

/** As one line, cut at its end. */
export function sentence(text: string, longest: number = LONGEST_REASON): string {
  const line = text.replace(UNSEEN, ' ').trim()
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line
}
