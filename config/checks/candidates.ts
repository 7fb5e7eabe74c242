import type { Path } from '../fault.ts'
import { isPattern } from '../schema/repositories.ts'
import { channelNames } from './walk.ts'

/** A pattern in the one form that ECR's names allow: `Prod/` is `prod/**`. */
function mendedPattern(value: unknown): readonly string[] {
  const mended = typeof value === 'string' ? value.toLowerCase().replace(/\/$/, '/**').replace(/^\//, '') : ''
  return isPattern(mended) ? [mended] : []
}

/** What could have been meant by the value at a path, where that depends on more than the value. */
export function candidatesFor(file: unknown, path: Path, value: unknown): readonly string[] {
  const where = path.map((step) => (typeof step === 'number' ? '#' : step)).join('.')
  if (/^(?:alerts\.#|registry|clean-up|sweep)\.to\.#$/.test(where))
    return ['sns', ...channelNames(file).map((name) => `slack:${name}`)]
  return /(?:^(?:alerts|policy|exceptions)|^clean-up\.(?:policies|in-use\.pins))\.#\.repositories\.#$/.test(where)
    ? mendedPattern(value)
    : []
}
