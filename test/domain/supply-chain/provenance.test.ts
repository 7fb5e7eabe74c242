import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { provenanceIn } from '../../../functions/domain/supply-chain/provenance.ts'

const V1 = 'https://slsa.dev/provenance/v1'
const V02 = 'https://slsa.dev/provenance/v0.2'
const WEB = 'https://github.com/acme/web'
const MAIN = 'refs/heads/main'

/** By the shapes that builders write, remade. */
const SHAPES: readonly [string, string, unknown, unknown][] = [
  [
    'actions/attest-build-provenance',
    V1,
    {
      buildDefinition: {
        buildType: 'https://actions.github.io/buildtypes/workflow/v1',
        externalParameters: { workflow: { ref: MAIN, repository: WEB, path: '.github/workflows/release.yml' } },
        internalParameters: { github: { event_name: 'push', runner_environment: 'github-hosted' } },
        resolvedDependencies: [{ uri: `git+${WEB}@${MAIN}`, digest: { gitCommit: '4a5b' } }],
      },
      runDetails: {
        builder: { id: `${WEB}/.github/workflows/release.yml@${MAIN}` },
        metadata: { invocationId: `${WEB}/actions/runs/1/attempts/1` },
      },
    },
    { builder: `${WEB}/.github/workflows/release.yml@${MAIN}`, source: WEB, ref: MAIN },
  ],
  [
    'slsa-github-generator',
    V02,
    {
      builder: {
        id: 'https://github.com/slsa-framework/slsa-github-generator/.github/workflows/generator_container_slsa3.yml@refs/tags/v2.0.0',
      },
      buildType: 'https://github.com/slsa-framework/slsa-github-generator/container@v1',
      invocation: {
        configSource: {
          uri: `git+${WEB}@refs/tags/v1.4.2`,
          digest: { sha1: '4a5b' },
          entryPoint: '.github/workflows/release.yml',
        },
      },
      materials: [{ uri: `git+${WEB}@refs/tags/v1.4.2`, digest: { sha1: '4a5b' } }],
    },
    {
      builder:
        'https://github.com/slsa-framework/slsa-github-generator/.github/workflows/generator_container_slsa3.yml@refs/tags/v2.0.0',
      source: WEB,
      ref: 'refs/tags/v1.4.2',
    },
  ],
  [
    'GitLab',
    V1,
    {
      buildDefinition: {
        externalParameters: { entryPoint: 'build', source: 'https://gitlab.example/acme/web' },
        resolvedDependencies: [{ uri: 'https://gitlab.example/acme/web', digest: { sha256: '4a' } }],
      },
      runDetails: { builder: { id: 'https://gitlab.example/acme/web/-/runners/1' } },
    },
    {
      builder: 'https://gitlab.example/acme/web/-/runners/1',
      source: 'https://gitlab.example/acme/web',
      ref: undefined,
    },
  ],
  [
    'Google Cloud Build',
    V1,
    {
      buildDefinition: {
        externalParameters: { buildConfigSource: { path: 'cloudbuild.yaml', ref: MAIN, repository: `git+${WEB}` } },
      },
      runDetails: { builder: { id: 'https://cloudbuild.googleapis.com/GoogleHostedWorker' } },
    },
    { builder: 'https://cloudbuild.googleapis.com/GoogleHostedWorker', source: WEB, ref: MAIN },
  ],
  [
    'Tekton Chains',
    V02,
    {
      builder: { id: 'https://tekton.dev/chains/v2' },
      materials: [
        { uri: 'oci://index.docker.io/library/node', digest: { sha256: '4a' } },
        { uri: `git+${WEB}.git`, digest: { sha1: '4a5b' } },
      ],
    },
    { builder: 'https://tekton.dev/chains/v2', source: WEB, ref: undefined },
  ],
  [
    'a source in a mapping',
    `${V1}.1`,
    { buildDefinition: { externalParameters: { source: { uri: `git+ssh://git@github.com/acme/web@${MAIN}` } } } },
    { builder: undefined, source: 'ssh://git@github.com/acme/web', ref: MAIN },
  ],
  [
    'dependencies alone, with a commit in place of a branch',
    V1,
    { buildDefinition: { resolvedDependencies: [{ uri: `${WEB}/@4a5b`, digest: { gitCommit: '4a5b' } }] } },
    { builder: undefined, source: WEB, ref: undefined },
  ],
  ['nothing', V1, {}, { builder: undefined }],
  ['what is no URL', V02, { invocation: { configSource: { uri: 'web' } }, materials: 'x' }, { builder: undefined }],
]

describe('the provenance in a statement', () => {
  test.each(SHAPES)('of %s', (_, predicateType, predicate, expected) => {
    expect(provenanceIn(predicateType, predicate)).toEqual(expected)
  })

  test.each([undefined, '', 'https://spdx.dev/Document', 'https://slsa.dev/provenance/v0.1', `${V1}beta`, `x${V1}`])(
    'is none of the kind %s',
    (predicateType) => {
      expect(provenanceIn(predicateType, {})).toBeUndefined()
    },
  )

  test('is nothing that an object inherits, and nothing without end', () => {
    const long = 'x'.repeat(2_001)
    expect(provenanceIn(V1, { runDetails: { builder: { id: long } } })).toEqual({ builder: undefined })
    expect(provenanceIn(V1, { __proto__: { runDetails: { builder: { id: 'a' } } } })).toEqual({ builder: undefined })
  })

  test('is read from anything', () => {
    const keys = [
      'buildDefinition',
      'externalParameters',
      'workflow',
      'source',
      'runDetails',
      'builder',
      'id',
      'materials',
      'uri',
      'digest',
    ]
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 6 },
        fc.constantFrom(null, 1, 'git+', `git+${WEB}@x`),
        fc.dictionary(fc.constantFrom(...keys), tie('tree')),
        fc.array(tie('tree')),
      ),
    }))
    fc.assert(
      fc.property(fc.constantFrom(V1, V02), tree, (predicateType, predicate) => {
        const found = provenanceIn(predicateType, predicate)
        for (const text of Object.values(found ?? {})) expect(['string', 'undefined']).toContain(typeof text)
      }),
    )
  })
})
