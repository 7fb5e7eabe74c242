import { shortDigest } from '../image.ts'
import { listed } from '../listed.ts'
import { type Evidence, type Judgement, type Outcome, unknown } from './judgement.ts'

type OfPlatform = { readonly digest: string; readonly platform?: string | undefined }

/** Worst first: what is known to be wrong goes before what is not known. */
const ORDER: readonly Outcome[] = ['fail', 'unknown', 'pass', 'not-applicable']

const nameOf = ({ platform, digest }: OfPlatform): string => platform ?? shortDigest(digest)

type Judged = { readonly of: string; readonly judgement: Judgement }

/** `linux/arm64: It runs as root.`; where all say the same, none is named. */
function reasonOf(worst: readonly Judged[], all: number): string {
  const reasons = Map.groupBy(worst, ({ judgement }) => judgement.reason)
  return [...reasons]
    .map(([reason, judged]) => (judged.length === all ? reason : `${listed(judged.map(({ of }) => of))}: ${reason}`))
    .join(' ')
}

const evidenceOf = (judged: readonly Judged[]): Evidence[] =>
  judged.flatMap(({ of, judgement }) =>
    'evidence' in judgement ? judgement.evidence.map(({ name, value }) => ({ name: `${name}, ${of}`, value })) : [],
  )

/** One judgement on an image from those on its platforms: the worst decides, and says which it is. */
export function worstOf<P extends OfPlatform>(platforms: readonly P[], judge: (platform: P) => Judgement): Judgement {
  const [first, second] = platforms
  if (!first) return unknown('It has no platform.')
  if (!second) return judge(first)
  const judged = platforms.map((platform) => ({ of: nameOf(platform), judgement: judge(platform) }))
  const outcome = ORDER.find((one) => judged.some(({ judgement }) => judgement.outcome === one))
  const worst = judged.filter(({ judgement }) => judgement.outcome === outcome)
  const reason = reasonOf(worst, platforms.length)
  const { judgement } = worst[0] as Judged
  return 'evidence' in judgement
    ? { ...judgement, reason, evidence: evidenceOf(outcome === 'fail' ? worst : judged) }
    : { ...judgement, reason }
}
