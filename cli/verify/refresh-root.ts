import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEFAULT_MIRROR_URL, initTUF } from '@sigstore/tuf'

/** Milliseconds for each file. */
const TIMEOUT = 10_000

/**
 * Fetches `trusted_root.json` by TUF: signed, newest and not expired, from the root metadata that this version has onwards.
 * Nothing is kept: each time the whole way is gone.
 * @param mirror URL of a TUF repository @param rootPath its root metadata, where these are not of the public good instance
 * @throws {Error} of TUF, where that is not to be had
 * @see https://theupdateframework.github.io/specification/latest/#detailed-client-workflow
 */
export async function currentRoot(mirror: string = DEFAULT_MIRROR_URL, rootPath?: string): Promise<string> {
  const cachePath = mkdtempSync(join(tmpdir(), 'ecr-steward-tuf-'))
  try {
    const tuf = await initTUF({
      ...{ cachePath, mirrorURL: mirror, timeout: TIMEOUT, retry: { retries: 2 } },
      ...(rootPath === undefined ? {} : { rootPath }),
    })
    return await tuf.getTarget('trusted_root.json')
  } finally {
    rmSync(cachePath, { recursive: true })
  }
}
