import type { ImageRef } from '../../domain/image.ts'
import { isDigest } from '../../policy/image/digest.ts'
import type { EcrCall } from '../ecr-call.ts'

/** Longest page that ECR gives. */
const PAGE = 50
/** Referrers that are looked at: who wants to be read among more of them is not known to be missing. */
const LISTED = 200

/** A manifest that says of itself that it is about another, as ECR lists it. Size in bytes. */
export type Referrer = { readonly digest: string; readonly type: string; readonly size: number }

type Page = {
  readonly referrers: readonly {
    readonly digest?: string
    readonly artifactType?: string
    readonly size?: number
    readonly artifactStatus?: string
  }[]
  readonly nextToken: string | null
}

/**
 * What ECR lists as attached to a manifest. `unread` counts what is archived, which cannot be had, and 1 where there is more.
 * @throws {Unreadable} @throws {Gone} where the repository is not there
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ListImageReferrers.html
 */
export async function referrersOf(
  call: EcrCall,
  image: ImageRef,
): Promise<{ readonly referrers: readonly Referrer[]; readonly unread: number }> {
  const listed: Page['referrers'][number][] = []
  let nextToken: string | null | undefined
  do {
    const page: Partial<Page> = await call<Page>(image, 'ListImageReferrers', {
      registryId: image.account,
      repositoryName: image.repository,
      subjectId: { imageDigest: image.digest },
      // Without it what is archived is passed over, as if it were not there.
      filter: { artifactStatus: 'ANY' },
      maxResults: PAGE,
      ...(nextToken && { nextToken }),
    })
    listed.push(...(page.referrers ?? []))
    nextToken = page.nextToken
  } while (nextToken && listed.length < LISTED)
  const referrers = listed.flatMap(({ digest, artifactType: type = '', size = 0, artifactStatus = 'ACTIVE' }) =>
    isDigest(digest) && artifactStatus === 'ACTIVE' ? [{ digest, type, size }] : [],
  )
  return { referrers, unread: listed.length - referrers.length + (nextToken ? 1 : 0) }
}
