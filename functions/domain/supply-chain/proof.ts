import { counted } from '../counted.ts'
import { listed } from '../listed.ts'
import { type Evidence, type Fix, fail, type Judgement, pass, unknown } from '../rule/judgement.ts'
import type { Attached, Check } from './attached.ts'
import { mostPairs } from './pairing.ts'

/** Something that is attached to a manifest, and says who vouches for it. */
export type Vouched = Attached & { readonly check: Check }

/** What a rule asks of those who vouch. */
export type Asked<T extends Vouched> = {
  /** Names of signers. */
  readonly signedBy: readonly string[]
  /** How many of them, each by a signature of their own. */
  readonly needed: number
  /** Why one of theirs does not count in spite of its signature, in words that follow `by ci, but`. */
  readonly objection: (vouched: T) => string | undefined
}

/** What is looked at, and how a rule speaks of it. */
export type Found<T extends Vouched> = {
  readonly all: readonly T[]
  /** How many attached things were left unread. */
  readonly unread: number
  /** `signature`, `provenance attestation`. */
  readonly noun: string
  /** What a proof tells beside who it is by. */
  readonly evidenceOf?: (vouched: T) => readonly Evidence[]
  /** What is done about it where it fails. */
  readonly fix: Fix
}

type Proof<T extends Vouched = Vouched> = {
  readonly is: 'proof'
  readonly vouched: T
  readonly check: Extract<Check, { state: 'verified' }>
  readonly names: readonly string[]
}

/** What one thing that is attached is worth. */
type Worth<T extends Vouched = Vouched> = Proof<T> | { readonly is: 'none' | 'open'; readonly why: string }

/** What outsiders wrote is shown in part. */
const LONGEST = 200

const short = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text)

function worthOf<T extends Vouched>(vouched: T, { signedBy, objection }: Asked<T>): Worth<T> {
  const { check } = vouched
  if (check.state === 'refused') return { is: 'none', why: `refused, ${short(check.why)}` }
  if (check.state === 'unknown') return { is: 'open', why: short(check.why) }
  const names = check.signers.filter((name) => signedBy.includes(name))
  if (names.length === 0) return { is: 'none', why: `by ${listed(check.signers) || short(check.who)}` }
  const why = objection(vouched)
  return why === undefined
    ? { is: 'proof', vouched, check, names }
    : { is: 'none', why: `by ${listed(names)}, but ${short(why)}` }
}

const evidenceOf = ({ check, names }: Proof): Evidence => ({
  name: `Signed by ${listed(names)}`,
  value: `${short(check.who)}, verified ${check.how}${check.at === undefined ? '' : `, signed at ${check.at}`}`,
})

/** Each reason once, with how often it holds. */
function reasonsOf(whys: readonly string[]): string {
  const distinct = [...Map.groupBy(whys, (why) => why)].map(([why, same]) =>
    same.length > 1 ? `${same.length} × ${why}` : why,
  )
  return distinct.length > 3 ? `${distinct.slice(0, 3).join('; ')}; and others` : distinct.join('; ')
}

/** `ci`, `ci or release`, `2 of ci, release, ops`. */
function wantedText({ signedBy, needed }: Pick<Asked<never>, 'signedBy' | 'needed'>): string {
  if (needed > 1) return `${needed} of ${listed(signedBy)}`
  return signedBy.length > 2 ? `one of ${listed(signedBy)}` : signedBy.join(' or ')
}

const whysOf = (worths: readonly Worth[], kind: 'none' | 'open'): readonly string[] =>
  worths.flatMap((worth) => (worth.is === kind && 'why' in worth ? [worth.why] : []))

/** As much of it as reasons speak of. */
type Spoken = Pick<Found<Vouched>, 'all' | 'unread' | 'noun'>

/** What cannot be decided without what was not read, or not checked. */
function whyOpen({ unread, noun }: Spoken, open: readonly string[], wanted: string): string | undefined {
  if (unread > 0)
    return `Too much is attached to it: ${counted(unread, 'thing was', 'things were')} not read, and a ${noun} by ${wanted} may be among them.`
  if (open.length === 0) return undefined
  return `No ${noun} by ${wanted} is proven, and ${open.length === 1 ? 'one' : open.length} could not be checked: ${reasonsOf(open)}.`
}

type Worthless = { readonly names: readonly string[]; readonly whys: readonly string[]; readonly wanted: string }

/** @param names of those who are proven, and too few */
function whyNot({ all, noun }: Spoken, { names, whys, wanted }: Worthless): string {
  if (all.length === 0) return `It has no ${noun}, and needs one by ${wanted}.`
  if (names.length > 0) return `It has a ${noun} by ${listed(names)}, and needs ${wanted}.`
  return `${counted(all.length, `${noun} is`, `${noun}s are`)} there, none by ${wanted}: ${reasonsOf(whys)}.`
}

/**
 * Whether those whom a rule names vouch for a manifest. Only what is verified helps, and what is refused does no harm: whoever may
 * push can attach that. What was not read, or could not be checked, leaves open what is not proven without it.
 */
export function judgeProofs<T extends Vouched>(found: Found<T>, asked: Asked<T>): Judgement {
  const worths = found.all.map((vouched) => worthOf(vouched, asked))
  const proofs = worths.flatMap((worth) => (worth.is === 'proof' ? [worth] : []))
  const evidence = proofs.flatMap((proof) => [evidenceOf(proof), ...(found.evidenceOf?.(proof.vouched) ?? [])])
  const names = [...new Set(proofs.flatMap((proof) => proof.names))]
  if (mostPairs(proofs.map(({ check, names: known }) => ({ who: check.who, names: known }))) >= asked.needed)
    return pass(`It has a ${found.noun} by ${listed(names)}.`, evidence)
  const wanted = wantedText(asked)
  const why = whyOpen(found, whysOf(worths, 'open'), wanted)
  if (why !== undefined) return unknown(why)
  return fail(whyNot(found, { names, whys: whysOf(worths, 'none'), wanted }), found.fix, evidence)
}
