import type { RepositoryRef } from '../../functions/domain/facts/repository-facts.ts'
import type { Holdings } from '../../functions/planning/ports.ts'
import { CommandError } from '../command-error.ts'
import type { Io } from '../io.ts'
import { oneLine, painter } from '../terminal.ts'
import type { Evaluated, ImageSource } from './evaluated.ts'
import { readImages } from './images-file.ts'

/** The images of a repository, page by page as ECR gives them. */
export const heldImages = (ref: RepositoryRef, holdings: Holdings): ImageSource => ({
  ref,
  pages: () => holdings.images(ref),
  children: (indexes) => holdings.children(ref, indexes),
})

export function tellNotices(notices: readonly string[], { stderr }: Io): void {
  const label = painter(stderr)('yellow', 'note:')
  for (const notice of notices) stderr.write(`${label} ${oneLine(notice)}\n`)
}

/** The images of files. What makes them doubtful is told. @throws {CommandError} */
export function fileImages(paths: readonly string[], io: Io): ImageSource {
  const { repository, images, children, notices } = readImages(paths, io)
  tellNotices(notices, io)
  return {
    ref: repository === undefined ? {} : { repository },
    async *pages() {
      yield images
    },
    children: async () => children,
  }
}

const MEANING =
  'ECR neither counts nor removes what an index lists; here such images are taken for ordinary ones. Where the images are files, add the output of aws ecr batch-get-image for the indexes as another --images.'

/** What it means that nobody knows what some indexes list. */
export function tellUnknown({ ref, unknown }: Evaluated, io: Io): void {
  const [first] = unknown
  if (first === undefined) return
  const where = ref.repository === undefined ? '' : `${ref.repository}: `
  const what =
    unknown.length === 1 ? `the index ${first} lists` : `${unknown.length} indexes list, ${first} among them,`
  tellNotices([`${where}what ${what} is not known. ${MEANING}`], io)
}

/** Images are of files or of repositories. @throws {CommandError} for both and for neither */
export function checkWhich(files: readonly string[], repositories: readonly string[]): void {
  if (files.length > 0 !== repositories.length > 0) return
  throw new CommandError(
    'usage',
    files.length > 0 ? 'Images of files are given, and repositories too.' : 'No images are given.',
    'Name repositories, or give files with --images FILE: the output of aws ecr describe-images.',
  )
}
