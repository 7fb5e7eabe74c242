import type { Piece, Scheme } from './key.ts'

const VERSION =
  /^(\d+)((?:\.\d+)*)([a-z]?)((?:_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)\d*)*)(?:~([0-9a-f]+))?(?:-r(\d+))?$/

const [REVISION, HASH, SUFFIX_NUMBER, SUFFIX, LETTER, FRACTION, NUMBER] = [1, 2, 3, 4, 5, 6, 7]
const BEFORE = ['rc', 'pre', 'beta', 'alpha']
const AFTER = ['cvs', 'svn', 'git', 'hg', 'p']

function suffix(text: string): Piece[] {
  const word = text.replace(/\d+$/, '')
  const before = BEFORE.indexOf(word)
  const kind: Piece = before < 0 ? [SUFFIX, String(AFTER.indexOf(word))] : [-1 - before]
  return word === text ? [kind] : [kind, [SUFFIX_NUMBER, BigInt(text.slice(word.length))]]
}

/** A number with a zero before it is compared as a text, as that of a fraction. */
const number = (text: string): Piece => (text.startsWith('0') ? [FRACTION, text] : [NUMBER, BigInt(text)])

/** @see https://gitlab.alpinelinux.org/alpine/apk-tools/-/blob/master/src/version.c */
export const apk: Scheme = (version) => {
  const found = VERSION.exec(version)
  if (!found) return undefined
  const [, first = '', rest = '', letter, suffixes = '', hash, revision] = found
  return [
    [NUMBER, BigInt(first)],
    ...rest.split('.').slice(1).map(number),
    ...(letter ? [[LETTER, letter] as const] : []),
    ...suffixes.split('_').slice(1).flatMap(suffix),
    ...(hash ? [[HASH, hash] as const] : []),
    ...(revision ? [[REVISION, BigInt(revision)] as const] : []),
  ]
}
