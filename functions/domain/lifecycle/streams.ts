/** Ends of tags that are the hash of a commit: hexadecimal, with a digit in it. */
const HASH = /(?=[a-f]*\d)[0-9a-f]{7,40}$/

/**
 * What a pipeline that pushes again and again has in common in its tags: `pr-*` for `pr-123`, `v*` for `v1.2.3`, `web-*` for
 * `web-3f2a9c1`, `*` for a number or a hash alone. A tag without a number in it is its own.
 */
export function streamOf(tag: string): string {
  const stem = tag.replace(HASH, '').replace(/\d.*$/s, '')
  return stem === tag ? tag : `${stem}*`
}

/** Tags that move along with what is deployed or built. */
const MOVING = new Set(['latest', 'stable', 'prod', 'production', 'live', 'release', 'staging', 'main', 'master'])

/** Whether a stream is one tag that is moved to the image that matters. */
export const isMoving = (stream: string): boolean => MOVING.has(stream)
