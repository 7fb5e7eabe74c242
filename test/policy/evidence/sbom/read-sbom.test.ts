import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { CYCLONEDX } from '../../../../functions/domain/supply-chain/sbom/cyclonedx.ts'
import type { Shape } from '../../../../functions/domain/supply-chain/sbom/shape.ts'
import { SPDX } from '../../../../functions/domain/supply-chain/sbom/spdx.ts'
import { readSbom } from '../../../../functions/policy/evidence/sbom/read-sbom.ts'
import { cycloneDx, DIGEST, purlRef, read, refusal, sample, sbomOf, spdx } from './documents.ts'

const MIT = { id: 'MIT' }

describe('what the tools of the field write', () => {
  test('syft, SPDX 2.3: the image is what it is about, not a package within it', async () => {
    expect(await readSbom(sample('syft.spdx.json'))).toEqual({
      sbom: {
        format: 'SPDX 2.3',
        about: [DIGEST],
        created: '2026-10-02T01:46:51Z',
        tool: 'syft 1.33.0',
        packages: [
          { name: 'alpine-baselayout', version: '3.6.8-r1', ecosystem: 'apk', licence: { id: 'GPL-2.0-only' } },
          {
            ...{ name: 'org.apache.logging.log4j/log4j-core', version: '2.14.1', ecosystem: 'maven' },
            licence: { id: 'LicenseRef-https---www.apache.org-licenses-LICENSE-2.0.txt' },
          },
          { name: '@babel/runtime', version: '7.26.0', ecosystem: 'npm', licence: MIT },
        ],
      },
    })
  })

  test('syft, CycloneDX 1.6: operating system and files are no packages, and several licences all hold', async () => {
    expect(await readSbom(sample('syft.cyclonedx.json'))).toEqual({
      sbom: {
        format: 'CycloneDX 1.6',
        about: [DIGEST],
        created: '2026-10-02T03:46:51+02:00',
        tool: 'syft 1.33.0',
        packages: [
          {
            ...{ name: 'libssl3t64', version: '3.5.1-1', ecosystem: 'deb' },
            licence: { and: [{ id: 'Apache-2.0' }, { id: 'GPL-1.0-or-later' }, { unread: 'Artistic' }] },
          },
          { name: 'node', version: '24.11.0', ecosystem: 'generic' },
        ],
      },
    })
  })

  test('Trivy, CycloneDX 1.6: a lock file is no package, and an epoch is part of the version', async () => {
    expect(await readSbom(sample('trivy.cyclonedx.json'))).toEqual({
      sbom: {
        format: 'CycloneDX 1.6',
        about: [DIGEST],
        created: '2026-10-02T01:46:51+00:00',
        tool: 'trivy 0.66.0',
        packages: [
          {
            ...{ name: 'openssl-libs', version: '1:3.2.2-1.amzn2023.0.1', ecosystem: 'rpm' },
            licence: { unread: 'ASL 2.0' },
          },
          { name: '@babel/runtime', version: '7.26.0', ecosystem: 'npm', licence: MIT },
        ],
      },
    })
  })

  test('BuildKit, a statement that holds SPDX: its subject is the image, and the folder it read is no package', async () => {
    expect(await readSbom(sample('buildkit.intoto.json'))).toEqual({
      sbom: {
        format: 'SPDX 2.3',
        about: [DIGEST],
        created: '2026-10-02T01:46:51Z',
        tool: 'syft v1.18.1',
        packages: [
          { name: 'stdlib', version: '1.25.1', ecosystem: 'golang', licence: { id: 'BSD-3-Clause' } },
          { name: 'golang.org/x/crypto', version: 'v0.42.0', ecosystem: 'golang' },
        ],
      },
    })
  })

  test('Amazon Inspector, CycloneDX 1.4: the digest is a property, and dpkg is what others call deb', async () => {
    expect(await readSbom(sample('inspector.cyclonedx.json'))).toEqual({
      sbom: {
        format: 'CycloneDX 1.4',
        about: [DIGEST],
        created: '2026-06-02T01:17:46Z',
        tool: undefined,
        packages: [
          { name: 'pip', version: '22.0.4', ecosystem: 'pypi' },
          { name: 'libss2', version: '1.44.5-1+deb10u3', ecosystem: 'deb' },
          { name: 'bind-utils', version: '32:9.16.23-1', ecosystem: 'deb' },
        ],
      },
    })
  })

  test('cdxgen, CycloneDX 1.5: what it is about is a package, and components have components', async () => {
    expect(await readSbom(sample('cdxgen.cyclonedx.json'))).toEqual({
      sbom: {
        format: 'CycloneDX 1.5',
        about: [],
        created: '2026-10-02T01:46:51Z',
        tool: 'cdxgen 11.4.3',
        packages: [
          { name: 'worker', version: 'latest', ecosystem: 'npm' },
          {
            name: 'org.springframework/spring-core',
            version: '6.2.11',
            ecosystem: 'maven',
            licence: { id: 'Apache-2.0' },
          },
          { name: 'inlined', version: '2.0.0', ecosystem: 'npm' },
          {
            ...{ name: 'buffers', version: '0.1.1', ecosystem: 'npm' },
            licence: { and: [{ or: [MIT, { id: 'WTFPL' }] }, { id: 'BSD-2-Clause' }] },
          },
          { name: 'web', version: '1.4.2', ecosystem: 'npm' },
        ],
      },
    })
  })

  test("Microsoft's sbom-tool, SPDX 2.2: the root package is the whole, and a licence that is concluded counts", async () => {
    expect(await readSbom(sample('sbom-tool.spdx.json'))).toEqual({
      sbom: {
        format: 'SPDX 2.2',
        about: [],
        created: '2026-10-02T01:46:51Z',
        tool: 'Microsoft.SBOMTool 4.1.2',
        packages: [{ name: 'Newtonsoft.Json', version: '13.0.3', ecosystem: 'nuget', licence: MIT }],
      },
    })
  })
})

describe('what an SBOM is about', () => {
  const hex = 'a'.repeat(64)
  const root = { SPDXID: 'SPDXRef-Root', name: 'web' }
  const describes = {
    relationships: [
      { spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: 'SPDXRef-Root' },
    ],
  }
  test.each([
    [
      'a checksum of what it describes',
      spdx([{ ...root, checksums: [{ algorithm: 'SHA256', checksumValue: hex }] }], describes),
    ],
    [
      'the version of what it describes',
      spdx([{ ...root, versionInfo: `sha256:${hex}` }], { documentDescribes: ['SPDXRef-Root'] }),
    ],
    [
      'a package URL of what describes itself',
      spdx([{ ...root, ...purlRef(`pkg:oci/web@sha256%3A${hex}`) }], {
        relationships: [
          { spdxElementId: 'SPDXRef-Root', relationshipType: 'DESCRIBED_BY', relatedSpdxElement: 'SPDXRef-DOCUMENT' },
        ],
      }),
    ],
    ['the name of the document', spdx([], { name: `registry/web@sha256:${hex}` })],
    ['its namespace', spdx([], { documentNamespace: `https://acme.example/sha256:${hex.toUpperCase()}` })],
    [
      'a hash of the component',
      cycloneDx([], { component: { name: 'web', hashes: [{ alg: 'SHA-256', content: hex }] } }),
    ],
    [
      'the reference of the component',
      cycloneDx([], { component: { name: 'web', 'bom-ref': `pkg:docker/web@sha256:${hex}` } }),
    ],
    [
      'the subject of a statement, with the document in Data',
      { subject: [{ digest: { sha256: hex } }, { digest: { sha512: '1' } }, {}], predicate: { Data: cycloneDx([]) } },
    ],
  ])('%s', async (_, document) => {
    expect((await sbomOf(document)).about).toEqual([`sha256:${hex}`])
  })

  test.each([
    ['a package within it', spdx([{ ...root, checksums: [{ algorithm: 'SHA256', checksumValue: hex }] }])],
    [
      'a checksum of another kind',
      cycloneDx([], { component: { name: 'web', hashes: [{ alg: 'SHA-512', content: hex }, {}] } }),
    ],
    ['more than a digest', spdx([], { name: `sha256:${hex}0` })],
    ['another property', cycloneDx([], { properties: [{ name: 'layer', value: `sha256:${hex}` }, {}] })],
  ])('not %s', async (_, document) => {
    expect((await sbomOf(document)).about).toEqual([])
  })
})

describe('packages', () => {
  test.each([
    ['without a package URL', { name: 'zlib', versionInfo: '1.3' }, { name: 'zlib', version: '1.3' }],
    [
      'with one that is none',
      { name: 'zlib', versionInfo: '1.3', ...purlRef('pkg:zlib') },
      { name: 'zlib', version: '1.3' },
    ],
    ['with one that is too long', { name: 'zlib', ...purlRef(`pkg:npm/${'a'.repeat(5_000)}`) }, { name: 'zlib' }],
    [
      'with one that has no version',
      { name: 'zlib', ...purlRef('pkg:generic/zlib') },
      { name: 'zlib', ecosystem: 'generic' },
    ],
    [
      'whose version another field says',
      { name: 'zlib', versionInfo: '1.3', ...purlRef('pkg:generic/zlib') },
      { name: 'zlib', version: '1.3', ecosystem: 'generic' },
    ],
    ['whose version is not said', { name: 'zlib', versionInfo: 'NOASSERTION' }, { name: 'zlib' }],
    [
      'of a distribution',
      { name: 'zlib', ...purlRef('pkg:rpm/amzn/zlib@1.2-3?epoch=2') },
      { name: 'zlib', version: '2:1.2-3', ecosystem: 'rpm' },
    ],
    [
      'of Python, as its index spells it',
      { name: 'x', ...purlRef('pkg:pypi/Typing_Extensions@4.1') },
      { name: 'typing-extensions', version: '4.1', ecosystem: 'pypi' },
    ],
    [
      'that is an application with a version',
      { name: 'nginx', versionInfo: '1.2', primaryPackagePurpose: 'APPLICATION' },
      { name: 'nginx', version: '1.2' },
    ],
    [
      'with a hostile name',
      { name: '\u001b[31m\u202e<b>', versionInfo: '1' },
      { name: '\u001b[31m\u202e<b>', version: '1' },
    ],
    [
      'that is named as a method',
      { name: 'constructor', ...purlRef('pkg:constructor/hasOwnProperty@1') },
      { name: 'hasOwnProperty', version: '1', ecosystem: 'constructor' },
    ],
  ])('one %s', async (_, one, expected) => {
    expect((await sbomOf(spdx([one]))).packages).toEqual([expected])
  })

  test('one component has a group, and no package URL', async () => {
    const { packages } = await sbomOf(cycloneDx([{ type: 'library', group: '@babel', name: 'core', version: '7.0.0' }]))
    expect(packages).toEqual([{ name: '@babel/core', version: '7.0.0' }])
  })

  test('the only thing it describes is one where it has a name in some ecosystem', async () => {
    const described = { documentDescribes: ['SPDXRef-a'] }
    const one = { SPDXID: 'SPDXRef-a', name: 'web' }
    expect((await sbomOf(spdx([one], described))).packages).toEqual([])
    expect((await sbomOf(spdx([{ ...one, ...purlRef('pkg:npm/web@1') }], described))).packages).toHaveLength(1)
    expect((await sbomOf(spdx([one], { documentDescribes: ['SPDXRef-a', 'SPDXRef-b'] }))).packages).toHaveLength(1)
  })

  it('passes over what has another kind than it should', async () => {
    const odd = { ...spdx([]), packages: { name: 'a' }, creationInfo: 7, documentDescribes: [{}, 'x'], name: ['b'] }
    expect(await sbomOf(odd)).toEqual({ format: 'SPDX 2.3', about: [], packages: [] })
  })
})

describe('when and by what it was made', () => {
  test.each([
    ['CycloneDX 1.4 has a list', { tools: [{ vendor: 'anchore', name: 'syft', version: '1.1' }] }, 'syft 1.1'],
    ['no version', { tools: [{ name: 'syft' }] }, 'syft'],
    ['no name', { tools: { services: [] } }, undefined],
    ['nothing', { tools: [{ version: '1' }] }, undefined],
  ])('%s', async (_, metadata, tool) => {
    expect((await sbomOf(cycloneDx([], metadata))).tool).toBe(tool)
  })

  it('passes over an instant that is none', async () => {
    expect((await sbomOf(cycloneDx([], { timestamp: 'yesterday' }))).created).toBeUndefined()
    expect((await sbomOf(cycloneDx([], { timestamp: ' '.repeat(90) }))).created).toBeUndefined()
  })
})

describe('what is refused', () => {
  const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`
  test.each([
    ['no JSON', 'SPDXVersion: SPDX-2.3', 'it is not JSON'],
    ['nothing', '', 'it is not JSON'],
    ['half of it', '{"spdxVersion":"SPDX-2.3","packages":[{', 'it is not JSON'],
    ['half a text', '{"spdxVersion":"SPDX', 'it is not JSON'],
    ['more than one', '{}{}', 'it is not JSON'],
    ['text that is not UTF-8', Buffer.from('{"a":"\xff"}', 'latin1'), 'it is not JSON'],
    ['a list', '[]', 'it is not an object'],
    ['a text', '"SPDX-2.3"', 'it is not an object'],
    ['another document', '{"name":"web"}', 'it says neither spdxVersion nor that its bomFormat is CycloneDX'],
    [
      'SPDX 3',
      '{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[]}',
      'it is JSON-LD, as SPDX 3 is, which is not read',
    ],
    [
      'another version of SPDX',
      { spdxVersion: 'toString' },
      'it is SPDX of version "toString", and 2.2 and 2.3 are read',
    ],
    [
      'another version of CycloneDX',
      cycloneDx([], {}, '1.3'),
      'it is CycloneDX of version "1.3", and 1.4 to 1.7 are read',
    ],
    ['CycloneDX of no version', { bomFormat: 'CycloneDX' }, 'it is CycloneDX of version "", and 1.4 to 1.7 are read'],
    ['both formats at once', { ...spdx([]), ...cycloneDx([]) }, 'it says that it is SPDX, and that it is CycloneDX'],
    [
      'a field twice',
      '{"spdxVersion":"SPDX-2.3","packages":[{"name":"a","name":"b"}]}',
      'it says "name" twice in one place',
    ],
    ['a field twice where nothing is kept', '{"x":{"\\u0061":1,"a":2}}', 'it says "a" twice in one place'],
    [
      'a long name twice',
      `{"${'a'.repeat(99)}":1,"${'a'.repeat(99)}":1}`,
      `it says "${'a'.repeat(60)}" twice in one place`,
    ],
    ['deep nesting', `{"x":${nested(128)}}`, 'it is nested more than 128 deep'],
    [
      'a name of a package that is too long',
      spdx([{ name: 'a'.repeat(513) }]),
      'it lists a package whose name has more than 512 characters',
    ],
    [
      'a version that is too long',
      spdx([{ name: 'a', versionInfo: '1'.repeat(513) }]),
      'it lists a package whose version has more than 512 characters',
    ],
    ['a package without a name', cycloneDx([{ type: 'library', version: '1' }]), 'it lists a package without a name'],
    ['a long text', { x: 'a'.repeat(1_048_577) }, 'it holds a text of more than 1048576 characters'],
    [
      'an object of many fields',
      `{${Array.from({ length: 10_001 }, (_, at) => `"${at}":0`)}}`,
      'it holds an object of more than 10000 fields',
    ],
    [
      'a long list',
      `{"documentDescribes":[${'"",'.repeat(200_000)}""]}`,
      'it holds a list of more than 200000 elements',
    ],
    [
      'many packages',
      `{"packages":[${'{"name":"a"},'.repeat(200_000)}{"name":"a"}]}`,
      'it lists more than 200000 packages',
    ],
  ])('%s', async (_, document, why) => {
    expect(document instanceof Buffer ? await readSbom(document) : await read(document)).toEqual({ refused: why })
  })

  test.each([
    '{,}',
    '{"a"}',
    '{"a" 1}',
    '{"a":}',
    '{"a":1,}',
    '{"a":1]',
    '[1}',
    '[,]',
    '[1,]',
    '{1:2}',
    '{"a":1 "b":2}',
    ':',
    '}',
    '{}]',
    '{}1',
    '[1:2]',
    '{"a":1:2}',
  ])('as JSON.parse does: %s', async (text) => {
    expect(() => JSON.parse(text)).toThrow()
    expect(await refusal(text)).toBe('it is not JSON')
  })

  it('takes what nesting and fields there may be', async () => {
    expect(await refusal(`{"spdxVersion":"SPDX-2.3","x":${nested(127)}}`)).toBeUndefined()
  })

  it('throws nothing, whatever stands in it', async () => {
    const namesIn = (shape: Shape | undefined, depth = 0): string[] =>
      shape === undefined || shape === 'text' || depth > 5
        ? []
        : [
            ...Object.entries(shape.fields ?? {}).flatMap(([name, inner]) => [name, ...namesIn(inner, depth + 1)]),
            ...namesIn(shape.each, depth + 1),
          ]
    const names = namesIn({ fields: { ...SPDX, ...CYCLONEDX } })
    const words = fc.constantFrom(
      ...new Set([...names, 'SPDX-2.3', 'CycloneDX', '1.6', '__proto__', 'constructor', 'pkg:a']),
    )
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        words,
        fc.double(),
        fc.constant(null),
        fc.array(tie('value')),
        fc.dictionary(words, tie('value')),
      ),
    })).value
    await fc.assert(
      fc.asyncProperty(
        json,
        fc.constantFrom({ spdxVersion: 'SPDX-2.3' }, { bomFormat: 'CycloneDX', specVersion: '1.6' }),
        async (value, head) => {
          const document = typeof value === 'object' && !Array.isArray(value) ? { ...value, ...head } : value
          const found = await read(document)
          return 'sbom' in found || found.refused.startsWith('it ')
        },
      ),
    )
  })

  it('breaks at no byte', async () => {
    const bytes = sample('syft.spdx.json')
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), async (at, byte) => {
        const flipped = Buffer.from(bytes)
        flipped[at] = byte
        return ['sbom', 'refused'].includes(Object.keys(await readSbom(flipped))[0] as string)
      }),
    )
  })
})

describe('in pieces', () => {
  async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  }

  it('reads the same, wherever they end', async () => {
    const bytes = Buffer.from(JSON.stringify(spdx([{ name: 'ü€𝄞', versionInfo: '1"\\' }], { n: [1e3, -0.5] })))
    const whole = await readSbom(bytes)
    for (const size of [1, 2, 3, 7]) expect(await readSbom(pieces(bytes, size))).toEqual(whole)
  })

  it('reads no more than it may', async () => {
    let asked = 0
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        asked += 1_048_576
        yield Buffer.alloc(1_048_576, ' ')
      }
    }
    expect(await readSbom(endless(), 2 * 1_048_576)).toEqual({ refused: 'it has more than 2 MiB' })
    expect(asked).toBe(3 * 1_048_576)
  })

  it('tells of a fault that is none of the document', async () => {
    // biome-ignore lint/correctness/useYield: it fails at once
    async function* broken(): AsyncGenerator<Uint8Array> {
      throw new Error('connection reset')
    }
    await expect(readSbom(broken())).rejects.toThrow('connection reset')
  })
})
