import parse, { type Info } from 'spdx-expression-parse'
import type { Licence } from '../sbom.ts'

/** Characters of an expression, and brackets within brackets: a parser takes time and stack for them. */
const [LENGTH, DEPTH] = [2_048, 32]
/** Characters that are kept of what is no expression. */
const KEPT = 200
/** Characters of different expressions in one document. */
const TOTAL = 1_048_576

/** Of expressions alone: the parser passes over what else stands before an identifier. */
const EXPRESSION = /^[A-Za-z0-9.+():\s-]+$/

/** What an SBOM says where it does not say it. @see https://spdx.github.io/spdx-spec/v2.3/package-information/ */
const NOT_SAID = /^(?:NOASSERTION|NONE|UNKNOWN)?$/i

function isTooDeep(text: string): boolean {
  let depth = 0
  for (const char of text) {
    if (char === '(' && ++depth > DEPTH) return true
    if (char === ')') depth--
  }
  return false
}

const isLicence = (info: Info): info is Extract<Info, { license: string }> => 'license' in info

/** Members of `A AND B AND C`, which the parser nests. */
const members = (info: Info, conjunction: 'and' | 'or'): Licence[] =>
  !isLicence(info) && info.conjunction === conjunction
    ? [...members(info.left, conjunction), ...members(info.right, conjunction)]
    : [treeOf(info)]

function treeOf(info: Info): Licence {
  if (!isLicence(info)) return info.conjunction === 'and' ? { and: members(info, 'and') } : { or: members(info, 'or') }
  const { license: id, plus, exception } = info
  return { id, ...(exception && { exception }), ...(plus && { orLater: true }) }
}

/** A licence expression, taken apart; what is none, or too long to be one, as it stands there. */
export function parseLicence(text: string): Licence {
  const unread = { unread: text.slice(0, KEPT) }
  if (text.length > LENGTH || !EXPRESSION.test(text) || isTooDeep(text)) return unread
  try {
    return treeOf(parse(text.replaceAll(/\s+/g, ' ')))
  } catch {
    return unread
  }
}

/** All of these hold; undefined where none is said. */
export type LicenceReader = (texts: readonly (string | undefined)[]) => Licence | undefined

/** Reads the licences of one document: the same expression once, and not more than can be read in a second or two. */
export function licenceReader(): LicenceReader {
  const read = new Map<string, Licence>()
  let left = TOTAL
  const licenceOf = (text: string): Licence => {
    const known = read.get(text)
    if (known) return known
    left -= text.length
    const licence = left < 0 ? { unread: text.slice(0, KEPT) } : parseLicence(text)
    if (left >= 0) read.set(text, licence)
    return licence
  }
  return (texts) => {
    const said = texts.flatMap((text) => (text === undefined || NOT_SAID.test(text.trim()) ? [] : [text.trim()]))
    const [first, ...others] = [...new Set(said)].map(licenceOf)
    return first && others.length > 0 ? { and: [first, ...others] } : first
  }
}
