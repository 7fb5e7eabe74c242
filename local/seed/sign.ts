import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { notationSignature } from '../aws/ecr/signing.ts'
import { signatureBundle, statementBundle } from '../signing/bundle.ts'
import { signedClaim, signedStatement } from '../signing/cosign.ts'
import { digestOf, newKey } from '../signing/keys.ts'
import { type Attachment, attTag, bundleReferrer, referrer, sbomTag, sigTag } from '../signing/manifests.ts'
import { byKey, type KitSigner, keyless } from '../signing/signer.ts'
import { newSigstore, type Sigstore } from '../signing/sigstore.ts'
import type { SeedImage } from './build.ts'
import { API_PACKAGES, cycloneDx, slsaProvenance, spdx, VAULT_PACKAGES } from './documents.ts'
import { LATER_LEDGER_IMAGES, LEDGER_IMAGES } from './ledger-images.ts'
import { BATCH_PROFILE, fileOf, type Kept, keptOf, SIGNED, type SignedImage, WEB } from './signed-files.ts'

const CYCLONE_DX = 'application/vnd.cyclonedx+json'
const SPDX_PREDICATE = 'https://spdx.dev/Document'
const SLSA_PREDICATE = 'https://slsa.dev/provenance/v1'

const jsonOf = (value: object): Buffer => Buffer.from(JSON.stringify(value))
const targetOf = ({ digest, mediaType, text }: SeedImage) => ({ digest, mediaType, size: Buffer.byteLength(text) })
const imageOf = (name: string): SeedImage => {
  const found = [...LEDGER_IMAGES, ...LATER_LEDGER_IMAGES].find((one) => one.name === `team-ledger/${name}`)
  if (!found) throw new Error(`No image team-ledger/${name} in the seed`)
  return found
}

const claimOf = ({ digest, repository }: SeedImage) => ({
  digest,
  reference: `123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/${repository}`,
})

/** As cosign 1 and 2 sign. */
const tagged = async (image: SeedImage, signer: KitSigner): Promise<Attachment> =>
  sigTag(image.digest, [await signedClaim(claimOf(image), signer)])

/** As cosign 3 signs. */
const bundled = async (image: SeedImage, signer: KitSigner): Promise<Attachment> =>
  bundleReferrer(targetOf(image), await signatureBundle(image.digest, signer), 'https://sigstore.dev/cosign/sign/v1')

const attested = async (image: SeedImage, signer: KitSigner, predicateType: string, predicate: object) =>
  bundleReferrer(
    targetOf(image),
    await statementBundle({ digest: image.digest, predicateType, predicate }, signer),
    predicateType,
  )

/** The signature of one image under the tag of another. */
async function copied(from: SeedImage, to: SeedImage, signer: KitSigner): Promise<Attachment> {
  return sigTag(to.digest, [await signedClaim(claimOf(from), signer)])
}

/** The signature of one image beside a payload that speaks of another. */
async function swapped(from: SeedImage, to: SeedImage, signer: KitSigner): Promise<Attachment> {
  const [{ annotations }, { bytes }] = [
    await signedClaim(claimOf(from), signer),
    await signedClaim(claimOf(to), signer),
  ]
  return sigTag(to.digest, [{ bytes, annotations }])
}

function notation(image: SeedImage): Attachment {
  const { manifest, blobs } = notationSignature(targetOf(image), BATCH_PROFILE, new Date(image.pushed))
  const body = Buffer.from(manifest)
  return {
    ...{ mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: digestOf(body), body: manifest },
    blobs: blobs.map((text) => ({ digest: digestOf(Buffer.from(text)), bytes: Buffer.from(text) })),
  }
}

type Signers = {
  readonly release: KitSigner
  readonly stranger: KitSigner
  readonly vault: KitSigner
  readonly workflow: KitSigner
}

/** By what it is and of which image, in the order in which it is attached. */
type Plan = readonly (readonly [image: string, what: string, attachment: Attachment])[]

async function planApi({ release, stranger }: Signers): Promise<Plan> {
  const [first, second] = [imageOf('api:1.0.0'), imageOf('api:1.1.0')]
  const sbom = spdx(first, API_PACKAGES)
  const statement = { digest: first.digest, predicateType: SPDX_PREDICATE, predicate: sbom }
  const source = 'https://github.com/acme/ledger-api'
  return [
    ['api:1.0.0', 'signature', await tagged(first, release)],
    ['api:1.0.0', 'sbom', attTag(first.digest, [await signedStatement(statement, release)])],
    ['api:1.1.0', 'signature', await bundled(second, release)],
    ['api:1.1.0', 'provenance', await attested(second, release, SLSA_PREDICATE, slsaProvenance(source, 'main'))],
    [
      'api:1.1.0',
      'sbom',
      referrer(targetOf(second), CYCLONE_DX, [
        { mediaType: CYCLONE_DX, bytes: jsonOf(cycloneDx(second, API_PACKAGES)) },
      ]),
    ],
    ['api:1.2.0', 'signature', await tagged(imageOf('api:1.2.0'), stranger)],
    ['api:1.2.1', 'signature', await copied(first, imageOf('api:1.2.1'), release)],
    ['api:1.2.2', 'signature', await swapped(first, imageOf('api:1.2.2'), release)],
    [
      'api:1.3.0',
      'sbom',
      sbomTag(imageOf('api:1.3.0').digest, 'text/spdx+json', Buffer.from('{"spdxVersion":"SPDX-2.3",')),
    ],
    ['api:1.4.0', 'signature', await tagged(imageOf('api:1.4.0'), release)],
    ['api:1.5.0', 'signature', await bundled(imageOf('api:1.5.0'), release)],
  ]
}

async function planOthers({ vault, workflow, stranger }: Signers, sigstore: Sigstore): Promise<Plan> {
  const [web, late, fork] = [imageOf('web:3.0.0'), imageOf('web:3.0.1'), imageOf('web:3.1.0')]
  const [old, next] = [imageOf('vault:2.0.0'), imageOf('vault:2.1.0')]
  const packages = (image: SeedImage) => sbomTag(image.digest, CYCLONE_DX, jsonOf(cycloneDx(image, VAULT_PACKAGES)))
  const fromFork = slsaProvenance('https://github.com/mallory/ledger-web', 'patch-1')
  return [
    ['batch:4.0.0', 'signature', notation(imageOf('batch:4.0.0'))],
    ['vault:2.0.0', 'signature', await tagged(old, vault)],
    ['vault:2.0.0', 'sbom', packages(old)],
    ['vault:2.1.0', 'signature', await tagged(next, vault)],
    ['vault:2.1.0', 'sbom', packages(next)],
    ['web:3.0.0', 'signature', await bundled(web, workflow)],
    ['web:3.0.0', 'provenance', await attested(web, workflow, SLSA_PREDICATE, slsaProvenance(WEB.source, 'main'))],
    ['web:3.0.1', 'signature', await bundled(late, { ...(await keyless(sigstore, WEB)), unlogged: true })],
    ['web:3.1.0', 'signature', await bundled(fork, workflow)],
    ['web:3.1.0', 'provenance', await attested(fork, workflow, SLSA_PREDICATE, fromFork)],
    ['web:3.2.0', 'signature', await bundled(imageOf('web:3.2.0'), stranger)],
  ]
}

const SECONDS_BETWEEN = 20

function signedImage(image: SeedImage, plan: Plan): SignedImage {
  const own = plan.filter(([name]) => `team-ledger/${name}` === image.name)
  const attached = own.map(([, what, attachment], index): Kept => {
    const pushed = new Date(Date.parse(image.pushed) + (index + 1) * SECONDS_BETWEEN * 1_000).toISOString()
    return keptOf(`${image.repository}@${what}-of-${image.tags[0]}`, pushed, attachment)
  })
  return { image: image.name, digest: image.digest, attached }
}

/**
 * Signs the images of team-ledger with keys that are thrown away, and writes the envelopes and the public halves.
 * @param folder is there by then @param sigstore vouches for what is signed without a key
 */
export async function signSeed(folder: string, sigstore: Sigstore): Promise<void> {
  const [release, vault] = [newKey(), newKey()]
  const signers: Signers = {
    ...{ release: byKey(release), vault: byKey(vault), stranger: byKey() },
    workflow: await keyless(sigstore, WEB),
  }
  const plan = [...(await planApi(signers)), ...(await planOthers(signers, sigstore))]
  const all = [...LEDGER_IMAGES, ...LATER_LEDGER_IMAGES].map((image) => ({ image, signed: signedImage(image, plan) }))
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)
  for (const [repository, images] of Map.groupBy(all, ({ image }) => image.repository))
    write(
      fileOf(repository),
      `${JSON.stringify(
        images.map(({ signed }) => signed),
        null,
        2,
      )}\n`,
    )
  write('release.pub', release.pem)
  write('vault.pub', vault.pem)
  write('trusted-root.json', `${JSON.stringify(sigstore.trustedRoot, null, 2)}\n`)
}

/** A Sigstore whose roots are valid since then: the library makes them so since the machine's now, which it asks `Date` for. */
async function sigstoreOf(instant: string): Promise<Sigstore> {
  const RealDate = Date
  const [at, later] = [new RealDate(instant), new RealDate(Date.parse(instant) + 60_000)]
  class ThenDate extends RealDate {
    constructor(value: number | string | Date = at) {
      super(value)
    }
    static override now = (): number => at.getTime()
  }
  globalThis.Date = ThenDate as DateConstructor
  try {
    return await newSigstore({ certified: at, logged: later, stamped: later })
  } finally {
    globalThis.Date = RealDate
  }
}

if (import.meta.main) {
  mkdirSync(SIGNED, { recursive: true })
  await signSeed(SIGNED, await sigstoreOf('2026-11-18T02:00:00Z'))
}
