/** Where the first document of a text ends; undefined where it does not. */
function endOf(text: string, from: number): number | undefined {
  let [depth, isInText] = [0, false]
  for (let at = from; at < text.length; at++) {
    const sign = text[at]
    if (isInText) {
      if (sign === '\\') at++
      else if (sign === '"') isInText = false
    } else if (sign === '"') isInText = true
    else if (sign === '{' || sign === '[') depth++
    else if (sign === '}' || sign === ']') depth--
    if (depth === 0 && (sign === '}' || sign === ']')) return at + 1
  }
  return undefined
}

/**
 * The JSON documents of a text, one after another, as `>>` or `cat` leave them. Only objects and lists are told apart.
 * @throws {SyntaxError} where one of them is no JSON
 */
export function* jsonDocuments(text: string): Generator<unknown> {
  let from = text.search(/\S/)
  // A text without anything is no document either.
  if (from < 0) JSON.parse(text)
  while (from >= 0 && from < text.length) {
    const end = endOf(text, from) ?? text.length
    yield JSON.parse(text.slice(from, end))
    const next = text.slice(end).search(/\S/)
    from = next < 0 ? next : end + next
  }
}
