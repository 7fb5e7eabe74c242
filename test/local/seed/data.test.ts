import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { fromEnhanced } from '../../../functions/adapters/ecr-findings.ts'
import { kindOf } from '../../../functions/policy/image/kind.ts'
import { layerDigest } from '../../../local/seed/digest.ts'
import { toEnhanced } from '../../../local/seed/enhanced.ts'
import { API_FINDINGS } from '../../../local/seed/findings-debian.ts'
import { PAYMENTS_FINDINGS, STOREFRONT_FINDINGS } from '../../../local/seed/findings-languages.ts'
import { IMAGES, seedImage } from '../../../local/seed/images.ts'
import { LAYER_BYTES } from '../../../local/seed/layers.ts'
import { REPOSITORIES } from '../../../local/seed/repositories.ts'
import { countsOf, EARLIER_SCANS, findingsOf, SCANS } from '../../../local/seed/scans.ts'

const sighting = { account: '123456789012', region: 'ap-northeast-1', at: new Date('2026-11-20T00:00:00Z') }
const scans = [...Object.values(SCANS), ...EARLIER_SCANS]

type Descriptor = { readonly mediaType: string; readonly digest: string; readonly size: number }
type Body = {
  readonly mediaType: string
  readonly layers?: Descriptor[]
  readonly manifests?: Descriptor[]
  readonly subject?: Descriptor
}

describe('the images of the seed', () => {
  it('have manifests whose digest is the sha256 of their text', () => {
    for (const { text, digest } of IMAGES) {
      expect(digest).toBe(`sha256:${createHash('sha256').update(text).digest('hex')}`)
    }
    expect(new Set(IMAGES.map(({ digest }) => digest)).size).toBe(IMAGES.length)
    expect(new Set(IMAGES.map(({ name }) => name)).size).toBe(IMAGES.length)
  })

  it('are in repositories of the seed, and no two share a tag', () => {
    const names = REPOSITORIES.map(({ name }) => name)
    for (const { repository } of IMAGES) expect(names).toContain(repository)
    const tags = IMAGES.flatMap(({ repository, tags }) => tags.map((tag) => `${repository}:${tag}`))
    expect(new Set(tags).size).toBe(tags.length)
  })

  it('name children and subjects that stand before them, with their true sizes', () => {
    for (const [index, { name, text }] of IMAGES.entries()) {
      const { manifests = [], subject } = JSON.parse(text) as Body
      for (const child of [...manifests, ...(subject ? [subject] : [])]) {
        const found = IMAGES.slice(0, index).find(({ digest }) => digest === child.digest)
        expect(found?.text.length, name).toBe(child.size)
      }
    }
  })

  it('have layers of known size, shared with the base image that they are built on', () => {
    for (const { layers } of IMAGES) for (const layer of layers) expect(LAYER_BYTES[layer], layer).toBeGreaterThan(0)
    const base = seedImage('base/node:20').layers
    expect(seedImage('prod/storefront:3.0.0').layers.slice(0, base.length)).toEqual(base)
  })

  it.each([
    ['prod/api:1.4.2', 'image'],
    ['team-a/worker@dangling', 'image'],
    ['prod/edge:3.1.0', 'index'],
    ['prod/edge@provenance', 'artifact'],
    ['charts/api:0.9.1', 'artifact'],
    ['prod/api@sbom', 'artifact'],
  ])('%s is told to be an %s', (name, what) => {
    expect(kindOf(JSON.parse(seedImage(name).text)).kind).toBe(what)
  })
})

describe('the scans of the seed', () => {
  it('are of images that exist, and find things in layers that these have', () => {
    for (const { image, enhanced = [] } of scans) {
      const { layers } = seedImage(image)
      for (const finding of enhanced) expect(layers, `${image} ${finding.id}`).toContain(finding.layer)
    }
    for (const { layer, id } of API_FINDINGS) expect(seedImage('prod/api:1.4.2').layers, id).toContain(layer)
  })

  it('find a vulnerability once in a package', () => {
    for (const { image, enhanced = [], basic = [] } of scans) {
      const keys = [...enhanced.map((one) => `${one.id} ${one.package}`), ...basic.map((one) => `${one.name}`)]
      expect(new Set(keys).size, image).toBe(keys.length)
    }
  })

  it('have real numbers in every column', () => {
    for (const one of [...API_FINDINGS, ...PAYMENTS_FINDINGS, ...STOREFRONT_FINDINGS]) {
      expect(one.score, one.id).toBeGreaterThan(0)
      expect(one.score, one.id).toBeLessThanOrEqual(10)
      expect(one.epss, one.id).toBeLessThan(1)
      expect(one.id).toMatch(/^CVE-\d{4}-\d{4,7}$/)
      expect(LAYER_BYTES[one.layer], one.id).toBeDefined()
    }
  })

  it('have the findings of one scanner, as many as they count', () => {
    for (const scan of scans) {
      const { findings = [], enhancedFindings = [] } = findingsOf(scan, sighting)
      const total = Object.values(countsOf(scan)).reduce((sum, count) => sum + count, 0)
      expect(findings.length === 0 || enhancedFindings.length === 0).toBe(true)
      expect(findings.length + enhancedFindings.length, scan.image).toBe(total)
    }
    expect(API_FINDINGS.length).toBeGreaterThanOrEqual(30)
  })
})

describe('an enhanced finding of the seed', () => {
  const payments = seedImage('prod/payments:7.3.0')
  const of = (id: string) => {
    const found = [...PAYMENTS_FINDINGS, ...STOREFRONT_FINDINGS].find((one) => one.id === id)
    if (!found) throw new Error(id)
    return toEnhanced(found, payments, { ...sighting, inUse: 4 })
  }

  it('is read back with the versions, the fix, the exploit and the layer of the table', () => {
    expect(fromEnhanced(of('CVE-2021-44228'))).toMatchObject([
      { package: 'org.apache.logging.log4j:log4j-core', installed: '2.14.1', fixed: '2.15.0', exploit: true },
    ])
    expect(fromEnhanced(of('CVE-2023-45853'))).toMatchObject([
      { package: 'zlib1g', installed: '1:1.2.13.dfsg-1', fixed: undefined, layer: layerDigest('debian-june') },
    ])
    expect(fromEnhanced(of('CVE-2024-6119'))).toMatchObject([
      { installed: '3.0.11-1~deb12u2', fixed: '3.0.14-1~deb12u2' },
    ])
  })

  it('says how many tasks run the image', () => {
    const image = of('CVE-2021-44228').resources?.[0]?.details?.awsEcrContainerImage
    expect(image).toMatchObject({ inUseCount: 4, repositoryName: 'prod/payments', imageHash: payments.digest })
  })
})
