import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { digestOf } from '../../../local/seed/digest.ts'
import { LATER_LEDGER_IMAGES, LEDGER_IMAGES } from '../../../local/seed/ledger-images.ts'
import { signSeed } from '../../../local/seed/sign.ts'
import { SIGNED, type SignedImage } from '../../../local/seed/signed-files.ts'
import { SIGNED_IMAGES } from '../../../local/seed/signed-images.ts'
import { newSigstore } from '../../../local/signing/sigstore.ts'

const IMAGES = [...LEDGER_IMAGES, ...LATER_LEDGER_IMAGES]
const ANEW = 'An image of team-ledger has another digest: sign anew with `node local/seed/sign.ts`.'

type Body = {
  readonly subject?: { readonly digest: string; readonly size: number }
  readonly config: { readonly digest: string }
  readonly layers: readonly { readonly digest: string; readonly size: number }[]
}

const attached = SIGNED_IMAGES.flatMap(({ digest, attached: all }) => all.map((one) => ({ ...one, of: digest })))

describe('what is attached to the images of team-ledger', () => {
  it('was made for the images that are in the seed now', () => {
    const signed = SIGNED_IMAGES.map(({ image, digest }) => [image, digest]).toSorted()
    expect(signed, ANEW).toEqual(IMAGES.map(({ name, digest }) => [name, digest]).toSorted())
  })

  it.each(attached)('$name is about its image, and has all that it names', ({ of, text, digest, tag, blobs }) => {
    const { subject, config, layers } = JSON.parse(text) as Body
    expect(digest).toBe(digestOf(text))
    expect([tag?.replace(/^sha256-([0-9a-f]+)\..*$/, 'sha256:$1'), subject?.digest]).toContain(of)
    if (subject) expect(subject.size).toBe(IMAGES.find((image) => image.digest === of)?.text.length)
    const kept = blobs.map((blob) => [digestOf(blob), Buffer.byteLength(blob)])
    for (const { digest: named, size } of layers) expect(kept).toContainEqual([named, size])
    expect(kept.map(([named]) => named)).toContain(config.digest)
  })

  it('is public, all of it', () => {
    for (const name of readdirSync(SIGNED))
      expect(readFileSync(join(SIGNED, name), 'utf8'), name).not.toMatch(/PRIVATE/)
  })

  it('can be made anew, with other keys and otherwise the same', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ecr-steward-sign-'))
    try {
      await signSeed(folder, await newSigstore())
      expect(readdirSync(folder).toSorted()).toEqual(readdirSync(SIGNED).toSorted())
      const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as SignedImage[]
      const made = readdirSync(folder)
        .filter((name) => name.startsWith('team-'))
        .flatMap(read)
      const outline = (images: readonly SignedImage[]) =>
        images.map(({ image, digest, attached: all }) => [image, digest, all.map(({ name, tag }) => [name, tag])])
      expect(outline(made)).toEqual(outline(SIGNED_IMAGES))
      const key = (from: string) => readFileSync(join(from, 'release.pub'), 'utf8')
      expect(key(folder)).not.toBe(key(SIGNED))
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
