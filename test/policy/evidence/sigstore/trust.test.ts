import { expect, it } from 'vitest'
import { trustedRoot } from '../../../../config/trusted-root.ts'
import { trustOf } from '../../../../functions/policy/evidence/sigstore/trust.ts'
import pinned from '../../../../functions/policy/evidence/sigstore/trusted-root.json' with { type: 'json' }

type Step = readonly [owner: object, key: string]

const stepsIn = (value: object): readonly Step[] =>
  Object.keys(value).flatMap((key) => {
    const part: unknown = Reflect.get(value, key)
    return [[value, key] as const, ...(typeof part === 'object' && part !== null ? stepsIn(part) : [])]
  })

const HOSTILE = { toString: null, valueOf: null }
const OTHERS = [
  undefined,
  null,
  '',
  7,
  true,
  'x',
  {},
  [],
  [null],
  [{}],
  HOSTILE,
  'PKIX_ED25519',
  '2020-01-01T00:00:00Z',
]

it('what steward.yaml takes as a trusted root can be verified with, whatever stands in one of its fields', () => {
  const root = structuredClone(pinned)
  const taken = stepsIn(root).flatMap(([owner, key]) => {
    const before: unknown = Reflect.get(owner, key)
    const texts = OTHERS.map((other) => {
      Reflect.set(owner, key, other)
      return JSON.stringify(root)
    })
    Reflect.set(owner, key, before)
    return texts.filter((text) => 'root' in trustedRoot(text))
  })
  expect(taken.length).toBeGreaterThan(100)
  for (const text of taken) expect(() => trustOf(JSON.parse(text))).not.toThrow()
})

it.each([
  [
    'no beginning',
    '"start":"2021-01-12T11:53:27Z"',
    '"end":"2031-01-12T11:53:27Z"',
    'tlogs[0].publicKey.validFor.start',
  ],
  ['another type', 'vnd.dev.sigstore.trustedroot', 'json', 'mediaType'],
])('a root with %s says so by its field', (_, text, other, field) => {
  const root: unknown = JSON.parse(JSON.stringify(pinned).replace(text, other))
  expect(() => trustOf(root)).toThrow(`The trusted root is malformed: ${field}: expected`)
})

it('a certificate of which only the library sees that an extension is none is refused in plain words', () => {
  const root = structuredClone(pinned)
  const [certificate] = root.certificateAuthorities[0]?.certChain.certificates ?? []
  const der = Buffer.from(certificate?.rawBytes ?? '', 'base64')
  der[179] = 0
  if (certificate) certificate.rawBytes = der.toString('base64')
  expect(() => trustOf(root)).toThrow('The trusted root is malformed: one of its certificates cannot be read.')
})
