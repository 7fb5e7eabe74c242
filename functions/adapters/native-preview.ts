import { setTimeout as sleep } from 'node:timers/promises'
import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import { Unreadable } from '../faults.ts'
import { ecrCall, noneIf, present } from './ecr-call.ts'
import type { AwsCall } from './signed-aws.ts'

/** What ECR's own preview says of one image; an image that stays is not in it. */
export type NativeMark = {
  readonly digest: string
  readonly tags: readonly string[]
  readonly action: 'expire' | 'archive'
  readonly rule: number
}

type Result = {
  readonly imageDigest?: string
  readonly imageTags?: readonly string[]
  readonly action?: { readonly type?: string }
  readonly appliedRulePriority?: number
}
type Preview = {
  readonly status: string
  readonly lifecyclePolicyText: string
  readonly previewResults: readonly Result[]
  readonly nextToken: string
}

export type NativeOptions = {
  /** How long it may take in all. Milliseconds. */
  readonly most: number
  /** Told what is waited for. */
  readonly onWait: (what: string) => void
  readonly now: () => number
}

/** Longest page of a preview. */
const PAGE = 100
/** Pause before the second look, doubled each time, and the longest one. Milliseconds. */
const PAUSE = 250
const LONGEST_PAUSE = 5_000

const markOf = ({ imageDigest, imageTags = [], action, appliedRulePriority }: Result): NativeMark => ({
  digest: present(imageDigest, 'GetLifecyclePolicyPreview'),
  tags: imageTags,
  action: action?.type === 'EXPIRE' ? 'expire' : 'archive',
  rule: present(appliedRulePriority, 'GetLifecyclePolicyPreview'),
})

const isSameText = (a: string, b: string): boolean => {
  const plain = (text: string): string => JSON.stringify(JSON.parse(text))
  return a === b || plain(a) === plain(b)
}

/** Waits, longer each time. @throws {Unreadable} when the time is over */
function createWait({ most, onWait, now }: NativeOptions): (what: string) => Promise<void> {
  const end = now() + most
  let pause = PAUSE
  return async (what) => {
    onWait(what)
    if (now() + pause > end)
      throw new Unreadable(`${what}, and ${Math.round(most / 1_000)} seconds are over`, false, undefined)
    await sleep(pause)
    pause = Math.min(pause * 2, LONGEST_PAUSE)
  }
}

/**
 * ECR's own preview of a policy. There is one preview at a time for a repository: that of somebody else is waited for.
 * @throws {Unreadable} where ECR refuses, fails, or takes longer than it may
 * @throws {Gone} where the repository is not there
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_StartLifecyclePolicyPreview.html
 */
export function nativePreview(aws: AwsCall, region: string) {
  const call = ecrCall(aws, region)
  return async (ref: RepositoryRef, text: string, options: NativeOptions): Promise<readonly NativeMark[]> => {
    const named = { registryId: ref.account, repositoryName: ref.repository }
    const wait = createWait(options)
    const look = (nextToken?: string) =>
      call<Preview>(ref, 'GetLifecyclePolicyPreview', { ...named, maxResults: PAGE, ...(nextToken && { nextToken }) })
    const start = () =>
      call<Preview>(ref, 'StartLifecyclePolicyPreview', { ...named, lifecyclePolicyText: text }).catch(
        noneIf('LifecyclePolicyPreviewInProgressException'),
      )

    async function finished(): Promise<Partial<Preview>> {
      while (!(await start())) await wait('another preview of the repository is running')
      for (;;) {
        const found = await look()
        if (found.status === 'FAILED') throw new Unreadable("ECR's own preview failed", false, undefined)
        if (found.status === 'COMPLETE') return found
        await wait("ECR's own preview is running")
      }
    }

    const marks: NativeMark[] = []
    let page = await finished()
    // Somebody else's preview may have come in between.
    while (!isSameText(present(page.lifecyclePolicyText, 'GetLifecyclePolicyPreview'), text)) {
      await wait('another preview came in between')
      page = await finished()
    }
    for (;;) {
      marks.push(...present(page.previewResults, 'GetLifecyclePolicyPreview').map(markOf))
      if (!page.nextToken) return marks
      page = await look(page.nextToken)
    }
  }
}
