/**
 * Secrets that open nothing, for the images that carry some. They are put together here, so that none of them stands in
 * this repository as its finders look for it.
 */
const parts = (...texts: readonly string[]): string => texts.join('')

const FILLER = 'EXAMPLE'.repeat(6).slice(0, 36)

/** The password of the guide that this registry goes back to. */
export const FAKE_PASSWORD = parts('my-', 'secret-', 'password')

/** In the shape of a personal access token of GitHub. */
export const FAKE_GITHUB_TOKEN = parts('gh', 'p_', FILLER)

/** In the shape of an access token of npm. */
export const FAKE_NPM_TOKEN = parts('np', 'm_', FILLER)
