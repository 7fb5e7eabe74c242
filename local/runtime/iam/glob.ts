/** IAM's wildcards: `*` is any characters, `?` is one. Takes at most pattern × text steps. */
export function globMatches(pattern: string, text: string): boolean {
  let [p, t, star, mark] = [0, 0, -1, 0]
  while (t < text.length) {
    const expected = pattern[p]
    if (expected === '*') {
      star = p++
      mark = t
    } else if (expected !== undefined && (expected === '?' || expected === text[t])) {
      p++
      t++
    } else if (star >= 0) {
      p = star + 1
      t = ++mark
    } else return false
  }
  while (pattern[p] === '*') p++
  return p === pattern.length
}

/** ARNs are compared part by part, so that a wildcard does not cross a colon before the resource; `*` is all of them. */
export function arnMatches(pattern: string, arn: string): boolean {
  if (pattern === '*') return true
  const [wanted, given] = [pattern.split(':'), arn.split(':')]
  if (wanted.length < 6 || given.length < 6) return false
  const resource = (parts: string[]): string => parts.slice(5).join(':')
  const heads = wanted.slice(0, 5).every((part, i) => globMatches(part, given[i] ?? ''))
  return heads && globMatches(resource(wanted), resource(given))
}
