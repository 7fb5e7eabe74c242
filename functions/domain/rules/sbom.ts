import { counted } from '../counted.ts'
import type { ImageRef } from '../image.ts'
import { shortDigest } from '../image.ts'
import { listed } from '../listed.ts'
import { pullReference } from '../registry.ts'
import { attachedWithin, unlessYoung } from '../rule/grace.ts'
import { type Evidence, type Fix, fail, type Judgement, unknown } from '../rule/judgement.ts'
import { choice, choices, flag, texts, type Values } from '../rule/parameter.ts'
import { worstOf } from '../rule/platforms.ts'
import { imageRule } from '../rule/rule.ts'
import type { AttachedSbom, ImageSboms } from '../supply-chain/attached.ts'
import { type ContentPolicy, judgeContents } from '../supply-chain/judge-sbom.ts'
import { PACKAGE_QUERY, packageQuery } from '../supply-chain/package-query.ts'
import type { Sbom } from '../supply-chain/sbom.ts'
import { SIGNER, SIGNER_NAME } from '../supply-chain/signer.ts'

const LICENCE = /^[\w.+:*-][\w.+:* ()/-]{0,99}$/
const LICENCE_NAME = 'a licence of SPDX such as Apache-2.0, a pattern such as GPL-*, or what an SBOM says in its place'

const PARAMETERS = {
  signedBy: texts(SIGNER, SIGNER_NAME, {
    about:
      'Names of `signers`: an SBOM that one of them has attested is needed, and theirs alone count. An empty list takes what anybody who may push has attached, and then every SBOM of an image has to hold.',
    default: [],
    example: '[ci]',
  }),
  formats: choices(['spdx', 'cyclonedx'], {
    about: 'Formats that count.',
    default: ['spdx', 'cyclonedx'],
    example: '[spdx]',
  }),
  mustNameImage: flag({
    about: 'Whether an SBOM has to say the digest that it is about; one that says another one never counts.',
    default: false,
    example: 'true',
  }),
  allowedLicences: texts(LICENCE, LICENCE_NAME, {
    about:
      'Licences that packages may come under: one of several where the SBOM leaves the choice, all where it does not. `*` is any text. An empty list allows all.',
    default: [],
    example: '[MIT, Apache-2.0, "BSD-*", "GPL-2.0-only WITH Classpath-exception-2.0"]',
  }),
  deniedLicences: texts(LICENCE, LICENCE_NAME, {
    about: 'Licences that no package may come under, whatever is allowed.',
    default: [],
    example: '["AGPL-*", "SSPL-1.0"]',
  }),
  unlicensed: choice(['allow', 'report'], {
    about:
      'What becomes of a package whose licence is not said, or is no expression of SPDX that is allowed as it stands.',
    default: 'allow',
    example: 'report',
  }),
  forbidden: texts(PACKAGE_QUERY, 'a package such as maven/log4j-core <2.17.1', {
    about:
      'Packages that may not be in an image: ecosystem, name in full or its last part, and a range of versions, each as far as it matters. One whose version the SBOM does not say is unknown.',
    default: [],
    example: '["maven/log4j-core <2.17.1", "xz-utils >=5.6.0 <5.6.2", event-stream]',
  }),
  graceMinutes: attachedWithin,
}

type Asked = Values<typeof PARAMETERS>
type Manifest = ImageSboms['manifests'][number]
type Read = { readonly attached: AttachedSbom; readonly sbom: Sbom }

const fixOf = (ref: ImageRef): Fix => ({
  text: 'Have the build make an SBOM of the digest that it has pushed, and attest it: syft and cosign do, or docker buildx build --sbom=true.',
  command: `cosign attest --type spdxjson --predicate sbom.spdx.json ${pullReference(ref)}`,
})

/** Of an attestation by one who is named; of any where nobody is. */
const isBy = ({ check }: AttachedSbom, names: readonly string[]): boolean =>
  names.length === 0 || (check?.state === 'verified' && check.signers.some((name) => names.includes(name)))

const formatOf = ({ format }: Sbom): 'spdx' | 'cyclonedx' => (format.startsWith('SPDX') ? 'spdx' : 'cyclonedx')

/** Why an SBOM that is there does not count; undefined where it does. */
function objectionTo({ attached, sbom }: Read, digests: readonly string[], asked: Asked): string | undefined {
  if (!isBy(attached, asked.signedBy)) return 'is not attested by them'
  if (!asked.formats.includes(formatOf(sbom))) return `is ${sbom.format}`
  if (sbom.about.length === 0) return asked.mustNameImage ? 'does not say which image it is about' : undefined
  return sbom.about.some((digest) => digests.includes(digest))
    ? undefined
    : `is about ${listed(sbom.about.map(shortDigest), 3)}`
}

/** What was not read, or not checked, and could decide otherwise. */
function whyOpen({ sboms, unread }: Manifest, { signedBy }: Asked): string | undefined {
  if (unread > 0) return `Too much is attached to it: ${counted(unread, 'thing was', 'things were')} not read.`
  const whys = sboms.flatMap((one) => {
    if (signedBy.length === 0) return 'refused' in one ? [one.refused] : []
    return one.check?.state === 'unknown' ? [one.check.why] : []
  })
  const [why] = whys
  return why && `${counted(whys.length, 'SBOM')} of it cannot be relied upon: ${why.slice(0, 200)}.`
}

type Counting = Pick<Manifest, 'digest' | 'platform'> & {
  readonly manifest: Manifest
  readonly counting: readonly Read[]
  readonly whys: readonly string[]
}

function countingIn(manifest: Manifest, digests: readonly string[], asked: Asked): Counting {
  const read = manifest.sboms.flatMap((attached) => ('sbom' in attached ? [{ attached, sbom: attached.sbom }] : []))
  const unread = manifest.sboms.flatMap((one) =>
    'refused' in one && isBy(one, asked.signedBy) ? [`cannot be read: ${one.refused.slice(0, 200)}`] : [],
  )
  const objections = read.map((one) => ({ one, why: objectionTo(one, digests, asked) }))
  return {
    digest: manifest.digest,
    platform: manifest.platform,
    manifest,
    counting: objections.filter(({ why }) => why === undefined).map(({ one }) => one),
    whys: [...new Set([...objections.flatMap(({ why }) => why ?? []), ...unread])],
  }
}

function judgeEmpty({ manifest, whys }: Counting, asked: Asked, fix: Fix): Judgement {
  const open = whyOpen(manifest, asked)
  const by = asked.signedBy.length === 0 ? '' : ` by ${listed(asked.signedBy)}`
  if (open !== undefined) return unknown(`It has no SBOM${by} that counts. ${open}`)
  const seen = whys.length === 0 ? '' : ` ${counted(whys.length, 'is', 'are')} there that ${listed(whys, 3)}.`
  return fail(`It has no SBOM${by} that counts.${seen}`, fix)
}

const vouchedIn = ({ check }: AttachedSbom): readonly Evidence[] =>
  check?.state === 'verified'
    ? [{ name: `Attested by ${listed(check.signers) || 'nobody who is named'}`, value: check.who.slice(0, 200) }]
    : []

const EMPTY = 'Its SBOM lists no package, which no image with a program in it is made of.'

function judgeManifest(counting: Counting, asked: Asked, policy: ContentPolicy, fix: Fix): Judgement {
  if (counting.counting.length === 0) return judgeEmpty(counting, asked, fix)
  const judgement = worstOf(
    counting.counting.map(({ attached, sbom }) => ({ digest: attached.digest, attached, sbom })),
    ({ attached, sbom }) =>
      sbom.packages.length === 0 ? fail(EMPTY, fix) : judgeContents(sbom, policy, vouchedIn(attached)),
  )
  // What those who are named have attested stands for itself.
  const open =
    asked.signedBy.length === 0 && judgement.outcome === 'pass' ? whyOpen(counting.manifest, asked) : undefined
  return open === undefined ? judgement : unknown(open)
}

/** The manifest itself; of an index each platform, for which also those of the index count. */
function judgedIn({ isIndex, manifests }: ImageSboms): readonly (Manifest & { readonly about: readonly string[] })[] {
  const [first, ...platforms] = manifests
  if (!first) return []
  if (!isIndex) return [{ ...first, about: [first.digest] }]
  return platforms.map((one) => ({
    ...one,
    sboms: [...one.sboms, ...first.sboms],
    unread: one.unread + first.unread,
    about: [one.digest, first.digest],
  }))
}

function policyOf(asked: Asked): ContentPolicy | { readonly fault: string } {
  const queries = asked.forbidden.map((text) => ({ text, query: packageQuery(text) }))
  const forbidden = queries.flatMap(({ text, query }) => ('fault' in query ? [] : [{ text, query }]))
  const [fault] = queries.flatMap(({ query }) => ('fault' in query ? [query.fault] : []))
  if (fault !== undefined) return { fault }
  const { allowedLicences: allowed, deniedLicences: denied, unlicensed } = asked
  return { licences: { allowed, denied, unlicensed: unlicensed === 'allow' }, forbidden }
}

export const sbom = imageRule({
  id: 'sbom',
  severity: 'MEDIUM',
  summary: 'An image has an SBOM, and what it lists may be in it.',
  why: 'When the next log4j comes, whoever has no list of what is in the images has to look into each. A list that nobody reads helps nobody either: packages and licences that may not be there are found by it.',
  see: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/images.html',
  needs: ['sboms', 'detail'],
  parameters: PARAMETERS,
  judge({ sboms, detail }, asked, { ref, now }) {
    const policy = policyOf(asked)
    if ('fault' in policy) return unknown(`What is forbidden cannot be read: ${policy.fault}.`)
    const all = judgedIn(sboms).map((manifest) => countingIn(manifest, manifest.about, asked))
    const judgeThose = (some: readonly Counting[]): Judgement =>
      worstOf(some, (one) => judgeManifest(one, asked, policy, fixOf(ref)))
    const there = all.filter(({ counting }) => counting.length > 0)
    // Waiting brings what is not there; it makes nothing better that is.
    const isFinal = there.length === all.length || (there.length > 0 && judgeThose(there).outcome === 'fail')
    const judgement = judgeThose(all)
    return isFinal ? judgement : unlessYoung(judgement, { detail, graceMinutes: asked.graceMinutes, now })
  },
})
