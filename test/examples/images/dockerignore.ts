/** A part of a path with `*`, `?`, `[a-z]` and `\`, as Go's `filepath.Match` reads it; `**` is any number of parts. */
function expressionOf(pattern: string): RegExp {
  const source = pattern.replace(/\*\*\/|\*\*|\*|\?|\[[^\]]*\]|\\.|[.+^${}()|]/g, (token) => {
    if (token === '**/') return '(?:.*/)?'
    if (token === '**') return '.*'
    if (token === '*') return '[^/]*'
    if (token === '?') return '[^/]'
    return token.startsWith('[') || (token.startsWith('\\') && token.length > 1) ? token : `\\${token}`
  })
  return new RegExp(`^${source}$`)
}

/** `/a//b/./` as `a/b`. */
const cleaned = (path: string): string =>
  path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')

/** The path and every folder that it is in. */
const withParents = (path: string): readonly string[] => {
  const parts = path.split('/')
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

/**
 * Reads a `.dockerignore`: the last line that matches a path or a folder that it is in decides. `..` is not followed.
 * @returns whether a path, seen from the folder of the build, is kept out of it
 * @see https://docs.docker.com/build/concepts/context/#dockerignore-files
 */
export function ignoring(text: string): (path: string) => boolean {
  const patterns = text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.trim())
    .filter((line) => line !== '' && line !== '!')
    .map((line) => {
      const isException = line.startsWith('!')
      return { isException, expression: expressionOf(cleaned(isException ? line.slice(1).trim() : line)) }
    })
  return (path) => {
    const paths = withParents(cleaned(path))
    const last = patterns.findLast(({ expression }) => paths.some((one) => expression.test(one)))
    return last !== undefined && !last.isException
  }
}
