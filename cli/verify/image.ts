import type { ListedImage } from '../../functions/adapters/described-images.ts'
import { ecrImageList } from '../../functions/adapters/image-list.ts'
import { imageReader } from '../../functions/adapters/image-reader.ts'
import type { RepositoryRef } from '../../functions/domain/facts/repository-facts.ts'
import { Gone, Unreadable } from '../../functions/faults.ts'
import type { AWS_OPTIONS } from '../aws/aws-options.ts'
import { openSession, type Session } from '../aws/session.ts'
import { permissionLines } from '../check/rest.ts'
import { nearName } from '../check/run.ts'
import { CommandError } from '../command-error.ts'
import type { Exit } from '../exit.ts'
import { type ImageTarget, imageTarget } from '../gate/image-target.ts'
import type { Io } from '../io.ts'
import type { Values } from '../option.ts'
import { showProgress } from '../progress.ts'
import { columnsOf, oneLine, painter } from '../terminal.ts'
import { inert } from '../workflow-commands.ts'
import { readImage, type Verified } from './image-read.ts'
import { imageReport } from './image-report.ts'
import type { VerifyImageResult } from './image-result.ts'
import { type ImageSignerOptions, type Trusted, trustedBy } from './image-signers.ts'

export type VerifyImageOptions = ImageSignerOptions &
  Pick<Values<typeof AWS_OPTIONS>, 'region' | 'profile' | 'verbose'> & {
    readonly output: 'text' | 'json' | undefined
  }

/** Why nothing is known. */
async function refusal(error: Gone | Unreadable, { repository }: RepositoryRef, session: Session) {
  const exit = session.denials.length > 0 ? 'access' : 'unknown'
  const near = error instanceof Gone ? await nearName(session, repository) : ''
  const list = error.message.includes('the repository') ? 'repository list' : `images ${repository}`
  const next = error instanceof Gone && near === '' ? [`Which ones there are: ecr-steward ${list}`] : []
  return new CommandError(exit, `${repository}: ${error.message}${near}`, ...permissionLines(session), ...next)
}

type Found = Verified & { readonly image: ListedImage }

/** @throws {CommandError} where nothing is known */
async function read({ repository, name }: ImageTarget, { signers, root }: Trusted, session: Session): Promise<Found> {
  const { aws, endpoint, registry } = session
  const ref = { ...registry, repository }
  // A file of the bundle by itself, as rules on signatures import it.
  const { evidenceOf } = await import('../../functions/adapters/evidence/evidence.ts')
  try {
    const image = await ecrImageList(aws, registry.region).find(ref, name)
    const reader = imageReader(aws, { region: registry.region, endpoint, evidence: evidenceOf(signers, root) })
    return { image, ...(await readImage(image, reader)) }
  } catch (error) {
    if (error instanceof Gone || error instanceof Unreadable) throw await refusal(error, ref, session)
    throw error
  }
}

function outcomeOf({ signedBy, isUnknown }: Found, { denials }: Session): VerifyImageResult['outcome'] {
  if (signedBy.length > 0) return 'pass'
  if (!isUnknown) return 'fail'
  return denials.length > 0 ? 'access' : 'unknown'
}

function resultOf(found: Found, { signers, config }: Trusted, session: Session, { now }: Io): VerifyImageResult {
  const { image, isUnknown: _, ...verified } = found
  const { account, region, repository, digest, tags } = image.ref
  return {
    ...{ schemaVersion: 1, verifiedAt: now().toISOString(), account, region, repository, digest, tags: [...tags] },
    ...(config !== undefined && { config }),
    signers: signers.map(({ name }) => name),
    ...verified,
    outcome: outcomeOf(found, session),
  }
}

/** Explains who signed an image and what is attested of it, and says whether that is somebody who is named. */
export async function verifyImage(word: string, options: VerifyImageOptions, io: Io): Promise<Exit> {
  const target = imageTarget(word)
  const trusted = trustedBy(options, io)
  const { account, region = options.region } = target
  const session = await openSession({ ...options, rate: undefined, account, region }, io)
  const end = options.verbose ? () => {} : showProgress(io.stderr, () => `Verifying ${word}`)
  const found = await read(target, trusted, session).finally(end)
  const result = resultOf(found, trusted, session, io)
  const { stdout, stderr } = io
  if (options.output === 'json') stdout.write(`${JSON.stringify(result, null, 2)}\n`)
  else stdout.write(inert(imageReport(result, { paint: painter(stdout), width: columnsOf(stdout) })))
  for (const line of permissionLines(session)) stderr.write(`${oneLine(line)}\n`)
  return result.outcome
}
