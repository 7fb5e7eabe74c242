import { counted } from '../counted.ts'
import { listed } from '../listed.ts'
import { type Evidence, fail, type Judgement, pass, unknown } from '../rule/judgement.ts'
import { isLicenceFine, type LicencePolicy, licenceText } from './licence-policy.ts'
import { matchesQuery, type PackageQuery } from './package-query.ts'
import type { Sbom, SbomPackage } from './sbom.ts'

/** What may be in an image. */
export type ContentPolicy = {
  readonly licences: LicencePolicy
  /** As the rule has it, and read. */
  readonly forbidden: readonly { readonly text: string; readonly query: PackageQuery }[]
}

/** What outsiders wrote is shown in part. */
const short = (text: string): string => (text.length > 100 ? `${text.slice(0, 100)}…` : text)

/** `org.apache.logging.log4j/log4j-core 2.14.1` */
const nameOf = ({ name, version }: SbomPackage): string => short(version === undefined ? name : `${name} ${version}`)

type Found = { readonly package: SbomPackage; readonly text: string }

const inWords = (found: readonly Found[], noted: (one: Found) => string): string =>
  listed([...new Set(found.map((one) => `${nameOf(one.package)} (${short(noted(one))})`))])

function forbiddenIn({ packages }: Sbom, { forbidden }: ContentPolicy) {
  const all = packages.flatMap((one) =>
    forbidden.map(({ text, query }) => ({ package: one, text, answer: matchesQuery(query, one) })),
  )
  return { there: all.filter(({ answer }) => answer === 'yes'), open: all.filter(({ answer }) => answer === 'unknown') }
}

function licencesAgainst({ packages }: Sbom, { licences }: ContentPolicy): readonly Found[] {
  return packages
    .filter(({ licence }) => !isLicenceFine(licence, licences))
    .map((one) => ({ package: one, text: licenceText(one.licence) }))
}

const FIX = {
  forbidden: 'Upgrade what is forbidden, or leave it out, and build the image again with its SBOM.',
  licence:
    'Leave out what comes under another licence, or allow it in the rule; where the SBOM says it wrongly, correct it there.',
}

const evidenceOf = ({ format, packages, tool, created, about }: Sbom): readonly Evidence[] => [
  {
    name: 'SBOM',
    value: [
      `${format}, ${counted(packages.length, 'package')}`,
      ...(tool === undefined ? [] : [`by ${tool}`]),
      ...(created === undefined ? [] : [`of ${created}`]),
      ...(about.length === 0 ? ['does not say which image it is about'] : []),
    ].join(', '),
  },
]

/**
 * Judges what an SBOM lists; what it does not tell of something that may be forbidden is unknown.
 * @param vouched who vouches for it
 */
export function judgeContents(sbom: Sbom, policy: ContentPolicy, vouched: readonly Evidence[]): Judgement {
  const evidence = [...evidenceOf(sbom), ...vouched]
  const { there, open } = forbiddenIn(sbom, policy)
  const licences = licencesAgainst(sbom, policy)
  const faults = [
    ...(there.length > 0 ? [`It holds what is forbidden: ${inWords(there, ({ text }) => text)}.`] : []),
    ...(licences.length > 0
      ? [
          `The licence of ${counted(licences.length, 'package')} is not allowed: ${inWords(licences, ({ text }) => text)}.`,
        ]
      : []),
  ]
  if (faults.length > 0)
    return fail(faults.join(' '), { text: there.length > 0 ? FIX.forbidden : FIX.licence }, evidence)
  if (open.length > 0)
    return unknown(`Its SBOM does not tell whether something is forbidden: ${inWords(open, ({ text }) => text)}.`)
  return pass(`Its SBOM lists ${counted(sbom.packages.length, 'package')}, and none that may not be there.`, evidence)
}
