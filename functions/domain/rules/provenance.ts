import { matches } from '../pattern.ts'
import { attachedWithin, unlessYoung } from '../rule/grace.ts'
import type { Evidence } from '../rule/judgement.ts'
import { globs, texts, type Values } from '../rule/parameter.ts'
import { imageRule } from '../rule/rule.ts'
import type { Attestation, ManifestEvidence } from '../supply-chain/attached.ts'
import { judgeProofs } from '../supply-chain/proof.ts'
import { type Provenance, provenanceIn } from '../supply-chain/provenance.ts'
import { SIGNER, SIGNER_NAME } from '../supply-chain/signer.ts'

const PARAMETERS = {
  signedBy: texts(SIGNER, SIGNER_NAME, {
    about: 'Names of `signers`: a statement of one of them is enough, and is believed.',
    example: '[ci]',
  }),
  builders: globs({
    about: 'Who may have built it, as the statement names the builder. An empty list allows all.',
    default: [],
    example: '["https://github.com/acme/*/.github/workflows/release.yml@refs/heads/main"]',
  }),
  sources: globs({
    about: 'Repositories that it may have been built from, by their URL. An empty list allows all.',
    default: [],
    example: '["https://github.com/acme/*"]',
  }),
  branches: globs({
    about: 'Branches that it may have been built from; tags as `refs/tags/v*`. An empty list allows all.',
    default: [],
    example: '[main, "refs/tags/v*"]',
  }),
  graceMinutes: attachedWithin,
}

type Asked = Values<typeof PARAMETERS>

const FIX = {
  text: 'Have the build attest what it has built, by actions/attest-build-provenance with push-to-registry, or by cosign attest --type slsaprovenance1, for the digest that is pulled.',
}

/** A branch by its name alone. */
const refPattern = (branch: string): string => (branch.startsWith('refs/') ? branch : `refs/heads/${branch}`)

type Point = { readonly what: string; readonly said: string | undefined; readonly allowed: readonly string[] }

/** The first thing that is asked and not said, or said otherwise. */
function objectionTo({ builder, source, ref }: Provenance, { builders, sources, branches }: Asked): string | undefined {
  const points: readonly Point[] = [
    { what: 'builder', said: builder, allowed: builders },
    { what: 'source', said: source, allowed: sources },
    { what: 'branch', said: ref, allowed: branches.map(refPattern) },
  ]
  const wrong = points.find(
    ({ said, allowed }) => allowed.length > 0 && (said === undefined || !allowed.some((one) => matches(one, said))),
  )
  return wrong && (wrong.said === undefined ? `without a ${wrong.what}` : `the ${wrong.what} is ${wrong.said}`)
}

type Stated = Attestation & { readonly provenance: Provenance }

/**
 * Those of another kind are for other rules. One that does not even say its kind may be of this one, where it could not be
 * checked: an attestation, or a bundle, which otherwise is taken for a signature.
 */
const statedIn = ({ attestations, signatures }: ManifestEvidence): readonly Stated[] =>
  [...attestations, ...signatures.filter(({ format }) => format === 'bundle')].flatMap((one: Attestation) => {
    const isOpen = one.check.state === 'unknown' && one.predicateType === undefined
    const provenance = isOpen ? {} : provenanceIn(one.predicateType, one.predicate)
    return provenance ? [{ ...one, provenance }] : []
  })

const evidenceOf = ({ provenance: { builder, source, ref } }: Stated): readonly Evidence[] =>
  Object.entries({ Builder: builder, Source: source, Ref: ref }).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value }],
  )

export const provenance = imageRule({
  id: 'provenance',
  severity: 'HIGH',
  summary: 'A statement that is signed says where an image was built, and from what.',
  why: 'An image that somebody built on a laptop looks like any other. Provenance ties the digest to the pipeline and the source that everybody can look at.',
  see: 'https://slsa.dev/spec/v1.0/provenance',
  needs: ['evidence', 'detail'],
  parameters: PARAMETERS,
  judge({ evidence, detail }, asked, { now }) {
    const [judged] = evidence.manifests
    const all = judged ? statedIn(judged) : []
    const judgement = judgeProofs<Stated>(
      { all, unread: judged?.unread ?? 0, noun: 'provenance attestation', evidenceOf, fix: FIX },
      { signedBy: asked.signedBy, needed: 1, objection: (one) => objectionTo(one.provenance, asked) },
    )
    return unlessYoung(judgement, { detail, graceMinutes: asked.graceMinutes, now })
  },
})
