import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../../config/load.ts'
import { evidenceOf } from '../../../functions/adapters/evidence/evidence.ts'
import { imageReader } from '../../../functions/adapters/image-reader.ts'
import { signedAws } from '../../../functions/adapters/signed-aws.ts'
import { rulesFor } from '../../../functions/domain/policy.ts'
import { judge } from '../../../functions/policy/judge.ts'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { createClock } from '../../../local/clock.ts'
import { SEED_CONFIG } from '../../../local/config.ts'
import { seedImage } from '../../../local/seed/images.ts'
import { LATER_LEDGER_IMAGES, LEDGER_IMAGES } from '../../../local/seed/ledger-images.ts'
import { pushImage } from '../../../local/seed/push.ts'
import { seed } from '../../../local/seed/seed.ts'
import { SIGNED_LATER } from '../../../local/seed/signed-images.ts'
import { envOf } from '../../adapters/env.ts'

const ROOT = join(import.meta.dirname, '../../..')
/** Those of the beginning are there by then. */
const AFTERWARDS = Date.parse('2026-11-25T00:00:00Z')
const warnings: string[] = []
const { signers, trustedRoot, policy } = loadConfig(join(ROOT, SEED_CONFIG), (line) => warnings.push(line))

let aws: LocalAws
beforeAll(async () => {
  aws = await startLocalAws({ clock: createClock(AFTERWARDS) })
  await seed(aws, AFTERWARDS)
  for (const image of SIGNED_LATER)
    if (!aws.ecr.repository(image.repository)?.images.has(image.digest)) pushImage(aws, image)
})
afterAll(() => aws.close())

/** What the rules of the seed say of one of its images. */
async function verdictsOf(name: string) {
  const { repository, digest, tags } = seedImage(name)
  const { account, region, url: endpoint } = aws
  const evidence = evidenceOf(signers, trustedRoot)
  const reader = imageReader(signedAws(envOf(aws)), { region, endpoint, evidence })
  const rules = rulesFor(policy, repository, 'image')
  const judging = { reader, rules, exceptions: [], now: new Date(AFTERWARDS), isPatient: false }
  const { verdicts } = await judge({ account, region, repository, digest, tags }, judging)
  return Object.fromEntries(verdicts.map(({ rule, outcome, reason }) => [rule, `${outcome}: ${reason}`]))
}

const signedBy = (name: string): string => `pass: It has a signature by ${name}.`
const refusedFor = (name: string, why: string): string =>
  `fail: 1 signature is there, none by ${name}: refused, ${why}.`

const LOG4J = 'fail: It holds what is forbidden: org.apache.logging.log4j/log4j-core 2.14.1 (maven/log4j-core <2.17.1).'

/** What the rules on signatures, provenance and SBOMs say of each image, and why. */
const CASES: readonly (readonly [image: string, said: Readonly<Record<string, string>>])[] = [
  ['api:1.0.0', { signature: signedBy('release') }],
  ['api:1.1.0', { signature: signedBy('release') }],
  ['api:1.2.0', { signature: refusedFor('release', 'the signature is by another key, or what it signs was changed') }],
  ['api:1.2.1', { signature: refusedFor('release', 'it is a signature of another manifest') }],
  ['api:1.2.2', { signature: refusedFor('release', 'the signature is by another key, or what it signs was changed') }],
  ['api:1.3.0', { signature: 'fail: It has no signature, and needs one by release.' }],
  ['api:1.4.0', { signature: signedBy('release') }],
  ['api:1.5.0', { signature: signedBy('release') }],
  ['batch:4.0.0', { signature: signedBy('ecr') }],
  ['vault:2.0.0', { signature: signedBy('vault'), sbom: LOG4J }],
  ['vault:2.1.0', { signature: signedBy('vault'), sbom: LOG4J }],
  ['web:3.0.0', { signature: signedBy('workflow'), provenance: 'pass: It has a provenance attestation by workflow.' }],
  ['web:3.0.1', { signature: refusedFor('workflow', 'nobody vouches for when it was signed') }],
  [
    'web:3.1.0',
    {
      signature: signedBy('workflow'),
      provenance:
        'fail: 1 provenance attestation is there, none by workflow: by workflow, but the builder is https://github.com/mallory/ledger-web/.github/workflows/release.yml@refs/heads/patch-1.',
    },
  ],
  ['web:3.2.0', { signature: refusedFor('workflow', 'the signature is by another key, or what it signs was changed') }],
]

describe('by the steward.yaml of the seed', () => {
  it.each(CASES)('team-ledger/%s is judged as it was signed', async (name, said) => {
    expect(await verdictsOf(`team-ledger/${name}`)).toMatchObject(said)
  })

  it('every image of team-ledger is', () => {
    const images = [...LEDGER_IMAGES, ...LATER_LEDGER_IMAGES].map(({ name }) => name)
    expect(CASES.map(([name]) => `team-ledger/${name}`).toSorted()).toEqual(images.toSorted())
  })

  it('nothing is said that is not meant', () => {
    expect(warnings).toEqual([])
  })
})
