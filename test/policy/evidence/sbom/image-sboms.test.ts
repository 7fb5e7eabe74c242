import { describe, expect, test } from 'vitest'
import { Gone, Unreadable } from '../../../../functions/faults.ts'
import type { AttachedManifest, AttachmentReader } from '../../../../functions/policy/evidence/ports.ts'
import { imageSboms, type SbomReading } from '../../../../functions/policy/evidence/sbom/image-sboms.ts'
import { statementIn } from '../../../../functions/policy/evidence/sbom/statement.ts'
import { cycloneDx } from './documents.ts'

const IMAGE = {
  ...{ account: '123456789012', region: 'eu-west-1', repository: 'prod/api', tags: [] },
  digest: `sha256:${'a'.repeat(64)}`,
}

const manifest = (mediaType: string, change: Partial<AttachedManifest> = {}, count = 1): AttachedManifest => {
  const layers = Array.from({ length: count }, () => ({ digest: IMAGE.digest, size: 1, mediaType, annotations: {} }))
  return { digest: IMAGE.digest, type: mediaType, layers, annotations: {}, ...change }
}

type Given = Partial<Pick<SbomReading, 'now' | 'alone'>>

function sboms(blob: AttachmentReader['blob'], manifests: readonly AttachedManifest[], given: Given = {}) {
  const never = () => Promise.reject(new Error('not asked'))
  return imageSboms(
    IMAGE,
    { kind: 'artifact', what: 'a chart' },
    {
      attachments: { attachedTo: async () => ({ manifests, unread: 1 }), blob, publicKey: never, signingStatus: never },
      ...{ verifying: never, listed: never, alone: (work) => work(), ...given },
    },
  )
}

const document = async () => Buffer.from(JSON.stringify(cycloneDx([])))

describe('what is too much', () => {
  test('is counted', async () => {
    const { manifests } = await sboms(document, [manifest('application/spdx+json', {}, 23)])
    expect(manifests).toMatchObject([{ unread: 1 + 3, sboms: { length: 20 } }])
  })

  test('is not begun once the time is over', async () => {
    let time = 0
    const now = () => time
    const slow = async () => {
      time += 15_000
      return document()
    }
    const { manifests } = await sboms(slow, [manifest('application/spdx+json', {}, 5)], { now })
    expect(manifests).toMatchObject([{ unread: 1 + 3, sboms: { length: 2 } }])
  })
})

test('all of an image together take no more memory than one large one', async () => {
  const name = 'n'.repeat(500)
  const components = Array.from({ length: 15_000 }, (_, n) => ({ type: 'library', name: `${name}${n}` }))
  const large = Buffer.from(JSON.stringify(cycloneDx(components)))
  let asked = 0
  const blob = async () => {
    asked += 1
    return large
  }
  const { manifests } = await sboms(blob, [manifest('application/spdx+json', {}, 9)])
  expect(manifests).toMatchObject([{ unread: 1 + 6, sboms: { length: 3 } }])
  expect(asked).toBe(4)
})

test('what is large waits for its turn, and time may be over by then', async () => {
  let time = 0
  const alone: SbomReading['alone'] = (work) => {
    time += 15_000
    return work()
  }
  const layer = { digest: IMAGE.digest, mediaType: 'text/spdx+json', annotations: {} }
  const layers = [1_048_577, 1_048_576, 1_048_577].map((size) => ({ ...layer, size }))
  const { manifests } = await sboms(document, [{ ...manifest(''), layers }], { now: () => time, alone })
  expect(manifests).toMatchObject([{ unread: 1 + 1, sboms: { length: 2 } }])
})

describe('what cannot be read', () => {
  const failing = () => Promise.reject(new Unreadable('it has more than 32 MiB', true, undefined))
  test.each<[string, AttachedManifest, object]>([
    ['a document', manifest('text/spdx+json'), { refused: 'it has more than 32 MiB' }],
    ['a manifest', manifest('', { layers: [], tag: 'sha256-a.sbom', refused: 'a lie' }), { refused: 'a lie' }],
  ])('is refused: %s', async (_, one, expected) => {
    const { manifests } = await sboms(failing, [one])
    expect(manifests).toMatchObject([{ sboms: [expected], unread: 1 }])
  })

  test('may be an SBOM where it does not say that it is something else', async () => {
    const { manifests } = await sboms(failing, [manifest('application/vnd.dsse.envelope.v1+json')])
    expect(manifests).toMatchObject([{ sboms: [], unread: 1 + 1 }])
  })

  test('an image that goes meanwhile is gone', async () => {
    await expect(sboms(() => Promise.reject(new Gone('gone')), [manifest('text/spdx+json')])).rejects.toThrow(Gone)
  })
})

test('a statement may come without an envelope, whatever stands first in it', () => {
  const bare = Buffer.from(JSON.stringify({ predicate: {}, predicateType: 'https://slsa.dev/provenance/v1' }))
  expect(statementIn(bare)).toEqual({ bytes: bare, isBare: true, isSbom: false })
  expect(statementIn(Buffer.from('x'))).toEqual({ refused: 'its envelope is not JSON' })
})
