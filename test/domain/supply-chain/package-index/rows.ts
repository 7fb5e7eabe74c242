import type {
  IndexedImage,
  IndexedPackage,
  IndexedRepository,
} from '../../../../functions/domain/supply-chain/package-index/entry.ts'
import { createIndexWriter } from '../../../../functions/domain/supply-chain/package-index/write.ts'
import { DIGEST } from '../../../builders.ts'

export const REPOSITORY: IndexedRepository = {
  ...{ account: '123456789012', region: 'eu-central-1', repository: 'team/web', owner: 'team' },
  at: '2026-11-24T21:00:00.000Z',
}

export const IMAGE: IndexedImage = { digest: DIGEST, tags: ['1.4.2'], pushedAt: '2026-11-20T08:00:00.000Z' }

/** An image with its packages, or why they are not known. */
export type IndexedRow = {
  readonly repository: IndexedRepository
  readonly image: IndexedImage
  readonly contents: readonly IndexedPackage[] | string
}

export const row = (
  contents: IndexedRow['contents'],
  repository: Partial<IndexedRepository> = {},
  image: Partial<IndexedImage> = {},
): IndexedRow => ({ contents, repository: { ...REPOSITORY, ...repository }, image: { ...IMAGE, ...image } })

export function indexOf(rows: readonly IndexedRow[]): string {
  const writer = createIndexWriter()
  for (const { repository, image, contents } of rows) {
    writer.repository(repository)
    if (typeof contents === 'string') writer.image(image, { without: contents })
    else writer.image(image, { numbers: contents.map((one) => writer.numberOf(one)) })
  }
  return writer.text()
}
