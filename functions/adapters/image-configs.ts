import pLimit from 'p-limit'
import type { ImageContent, PlatformImage } from '../domain/facts/image-facts.ts'
import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import { Unreadable } from '../faults.ts'
import { CONFIG_LIMIT, readConfig } from '../policy/image/config.ts'
import { unreadable } from '../policy/image/json.ts'
import type { Descriptor, OpenedImage } from '../policy/image/manifest.ts'
import type { Images } from '../policy/image/platforms.ts'
import { type BlobSource, downloadBlob } from './blob.ts'
import { type EcrCall, present } from './ecr-call.ts'

/** For all configurations of an image together. Milliseconds. */
const TIMEOUT = 20_000
/** Side by side; one of more than `SMALL` bytes is alone with those of its kind, for the memory that it takes. */
const AT_ONCE = 8
const SMALL = 256 * 1_024

type Url = { readonly downloadUrl: string }

/** Reads the configurations of an image's platforms. */
export type Configs = (ref: RepositoryRef, images: Images) => Promise<ImageContent>

/**
 * Configurations as ECR keeps them: each takes a call for its address, and a download.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetDownloadUrlForLayer.html
 */
export function ecrConfigs(call: EcrCall, source: BlobSource, timeout: number = TIMEOUT): Configs {
  const [small, large] = [pLimit(AT_ONCE), pLimit(1)]

  async function download(ref: RepositoryRef, blob: Descriptor, signal: AbortSignal): Promise<Buffer> {
    if (signal.aborted) throw new Unreadable('its configurations could not be read in time', false, undefined)
    const { downloadUrl } = await call<Url>(ref, 'GetDownloadUrlForLayer', {
      registryId: ref.account,
      repositoryName: ref.repository,
      layerDigest: blob.digest,
    })
    return downloadBlob(present(downloadUrl, 'GetDownloadUrlForLayer'), blob, source, signal)
  }

  async function platformOf(ref: RepositoryRef, image: OpenedImage, signal: AbortSignal): Promise<PlatformImage> {
    const { kind: _, configuration, ...manifest } = image
    const { platform, config } = await readConfig(await download(ref, configuration, signal), configuration.digest)
    return { ...manifest, platform: manifest.platform ?? platform, config }
  }

  return async (ref, opened) => {
    if (opened.kind === 'artifact') return opened
    if (opened.images.some(({ configuration }) => configuration.size > CONFIG_LIMIT))
      throw unreadable('its configuration has more than 8 MiB')
    const stop = new AbortController()
    const timer = setTimeout(() => stop.abort(), timeout)
    try {
      const reading = opened.images.map((image) =>
        (image.configuration.size > SMALL ? large : small)(() => platformOf(ref, image, stop.signal)),
      )
      return { kind: 'image', platforms: await Promise.all(reading) }
    } finally {
      clearTimeout(timer)
      // One that failed decides: nobody waits for the others.
      stop.abort()
    }
  }
}
