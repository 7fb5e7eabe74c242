import { counted, grouped } from '../../functions/domain/counted.ts'
import { shortDigest } from '../../functions/domain/image.ts'
import { listed } from '../../functions/domain/listed.ts'
import { pullReference, shortName } from '../../functions/domain/registry.ts'
import { instantText } from '../../functions/domain/sweep/sentences.ts'
import { hanging, INDENT } from '../sections.ts'
import { oneLine, type Paint, wrap } from '../terminal.ts'
import type { VerifiedManifest, VerifiedSbom, VerifyImageResult } from './image-result.ts'

export type Look = { readonly paint: Paint; readonly width: number }

type Format = Parameters<Paint>[0]
type State = VerifiedSbom['state']

/** What is shown of what proves nothing, so that a hundred junk signatures are a line. */
const MOST = 10
/** Of an annotation or a name, in cells. */
const LONGEST = 200

const MARKS: Readonly<Record<State, { readonly sign: string; readonly format: Format }>> = {
  verified: { sign: '✓', format: 'green' },
  refused: { sign: '✗', format: 'red' },
  unknown: { sign: '?', format: 'magenta' },
  unsigned: { sign: '·', format: 'dim' },
}

const WRITTEN: Readonly<Record<VerifiedSbom['format'], string>> = {
  'simple-signing': "cosign's simple signing",
  bundle: 'Sigstore bundle',
  dsse: 'DSSE envelope',
  notation: 'Notation envelope',
  managed: 'managed signing',
  document: 'document',
}

type Entry = Pick<VerifiedSbom, 'digest' | 'tag' | 'format' | 'state' | 'signers' | 'who' | 'how' | 'at' | 'why'> & {
  /** `signature`, `attestation slsa.dev/provenance/v1` */
  readonly what: string
  /** What else is known, a sentence each. */
  readonly more: readonly string[]
}

/** Where it was found: `Sigstore bundle sha256:4a5b6c7d8e9f`, `cosign's simple signing sha256:… under the tag sha256-….sig`. */
const whereText = ({ digest, tag, format }: Entry): string => {
  if (format === 'managed') return 'said by ECR'
  const by = tag === undefined ? '' : ` under the tag sha256-…${tag.slice(tag.indexOf('.'))}`
  return `${WRITTEN[format]} ${shortDigest(digest)}${by}`
}

function titleOf({ what, state, signers }: Entry): string {
  if (state === 'verified') return `${what} by ${listed(signers)}`
  return state === 'unsigned' ? `${what}, which nobody signed` : `${what}: ${state}`
}

function entryLines(entry: Entry, { paint, width }: Look): readonly string[] {
  const { sign, format } = MARKS[entry.state]
  const { who, how, at, why } = entry
  const time = at === undefined ? '' : `, signed ${instantText(at)}`
  const said = [
    ...(who === undefined ? [] : [who]),
    ...(how === undefined ? [] : [`verified ${how}${time}`]),
    ...(why === undefined ? [] : [why]),
    ...entry.more,
  ]
  const title = oneLine(titleOf(entry), width - 4)
  return [
    `  ${paint(format, `${sign} ${title}`)}`,
    ...said.flatMap((text) => hanging('    ', oneLine(text, 1_000), { width })),
    ...wrap(whereText(entry), width - 4).map((line) => `    ${paint('dim', line)}`),
  ]
}

const short = (text: string): string => oneLine(text, LONGEST)

const predicateText = (type: string): string => short(type.replace(/^https?:\/\//, ''))

function entriesOf({ signatures, attestations, sboms }: VerifiedManifest): readonly Entry[] {
  return [
    ...signatures.map(({ annotations, reference, ...one }) => {
      const notes = Object.entries(annotations).map(([name, value]) => `${short(name)}=${short(value)}`)
      const named = reference ? [`the name ${short(reference)} was signed with it`] : []
      return { ...one, what: 'signature', more: [...named, ...(notes.length > 0 ? [`says ${notes.join(', ')}`] : [])] }
    }),
    ...attestations.map(({ predicateType, predicate: _, ...one }) => ({
      ...one,
      what: predicateType === undefined ? 'attestation' : `attestation ${predicateText(predicateType)}`,
      more: [],
    })),
    ...sboms.map(sbomEntry),
  ]
}

function sbomEntry({ document, refused, ...one }: VerifiedSbom): Entry {
  if (!document) return { ...one, what: 'SBOM', more: [`not read: ${refused ?? 'it is none'}`] }
  const { format, packages, tool, created } = document
  const made = [...(tool ? [`by ${short(tool)}`] : []), ...(created ? [`of ${short(created)}`] : [])].join(', ')
  const more = [`${counted(packages, 'package')}${made ? `, made ${made}` : ''}`]
  return { ...one, what: `SBOM ${short(format)}`, more }
}

/** What proves something is shown in full; of the rest the first, which are counted. */
function listLines(entries: readonly Entry[], look: Look): readonly string[] {
  const [good, rest] = [
    entries.filter(({ state }) => state === 'verified'),
    entries.filter(({ state }) => state !== 'verified'),
  ]
  const hidden = rest.length - MOST
  return [
    ...[...good, ...rest.slice(0, MOST)].flatMap((entry) => entryLines(entry, look)),
    ...(hidden > 0
      ? [`  ${look.paint('dim', `${grouped(hidden)} more that prove nothing: --output json has all.`)}`]
      : []),
  ]
}

function titleFor({ digest, platform }: VerifiedManifest, index: number, isIndex: boolean): string {
  const name = index === 0 ? (isIndex ? 'INDEX' : 'IMAGE') : (platform ?? 'a platform')
  return `${short(name)}  ${digest}`
}

function manifestLines(manifest: VerifiedManifest, index: number, isIndex: boolean, look: Look): readonly string[] {
  const { paint, width } = look
  const entries = entriesOf(manifest)
  const unread = `At least ${counted(manifest.unread, 'thing')} more ${manifest.unread === 1 ? 'is' : 'are'} attached and not read: too many, too large, or archived.`
  return [
    '',
    paint('bold', titleFor(manifest, index, isIndex)),
    ...listLines(entries, look),
    ...(entries.length === 0 && manifest.unread === 0
      ? [`${INDENT}${paint('dim', 'Nothing is attached to it.')}`]
      : []),
    ...(manifest.unread > 0 ? wrap(unread, width - 2).map((line) => INDENT + paint('magenta', line)) : []),
  ]
}

const HEADS: Readonly<Record<VerifyImageResult['outcome'], { readonly word: string; readonly format: Format }>> = {
  pass: { word: 'VERIFIED', format: ['bold', 'green'] },
  fail: { word: 'NOT SIGNED', format: ['bold', 'red'] },
  unknown: { word: 'UNKNOWN', format: ['bold', 'magenta'] },
  access: { word: 'UNKNOWN', format: ['bold', 'magenta'] },
}

function headText({ outcome, signedBy, manifests }: VerifyImageResult, name: string): string {
  if (outcome === 'pass') return `${name} is signed by ${listed(signedBy)}`
  const signatures = manifests.flatMap((one) => one.signatures)
  const refused = signatures.filter(({ state }) => state === 'refused').length
  if (outcome !== 'fail')
    return `whether anybody who counts signed ${name} is not known: not everything could be checked`
  return refused === 0
    ? `${name} has no signature`
    : `${name} has ${counted(refused, 'signature')}, of nobody who counts`
}

/** Who of those that count signed, and who did not. */
function signersText({ signers, signedBy, config }: VerifyImageResult): string {
  const missing = signers.filter((name) => !signedBy.includes(name))
  const where = config === undefined ? 'named by options' : `in ${config}`
  const all = `${counted(signers.length, 'signer')} ${where}`
  if (missing.length === 0) return `${all}, and all of them signed: ${listed(signers)}.`
  return `${all}. Not signed by ${listed(missing)}.`
}

/** For people: whether it is signed, then every signature, attestation and SBOM, of the image and of each platform. */
export function imageReport(result: VerifyImageResult, look: Look): string {
  const { paint, width } = look
  const { word, format } = HEADS[result.outcome]
  const [first = '', ...rest] = wrap(headText(result, shortName(result)), width - word.length - 2)
  const { manifests, isIndex, sbomsUnread } = result
  const lines = [
    `${paint(format, word)}  ${paint('bold', first)}`,
    ...rest.map((line) => ' '.repeat(word.length + 2) + paint('bold', line)),
    `${INDENT}${paint('dim', oneLine(pullReference(result)))}`,
    ...wrap(signersText(result), width - 2).map((line) => INDENT + line),
    ...manifests.flatMap((manifest, index) => manifestLines(manifest, index, isIndex, look)),
    ...(sbomsUnread === undefined ? [] : ['', ...wrap(`SBOMs were not read: ${sbomsUnread}.`, width)]),
  ]
  return `${lines.join('\n')}\n`
}
