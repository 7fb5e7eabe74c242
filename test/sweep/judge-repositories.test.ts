import { describe, expect, test } from 'vitest'
import type { EvidenceReading } from '../../functions/adapters/evidence-reading.ts'
import { signedAws } from '../../functions/adapters/signed-aws.ts'
import { sweepReaders } from '../../functions/adapters/sweep-readers.ts'
import { createProtection } from '../../functions/domain/in-use/protection.ts'
import type { NotJudged, RepositoryRecord } from '../../functions/domain/sweep/record.ts'
import { Unreadable } from '../../functions/faults.ts'
import type { Store } from '../../functions/planning/store.ts'
import { KEYS } from '../../functions/sweep/contract.ts'
import type { SweepDeps } from '../../functions/sweep/judging.ts'
import { envOf } from '../adapters/env.ts'
import { exception } from '../builders.ts'
import { NOW } from '../clean-up/registry.ts'
import { imageManifest, indexManifest, layer, member, stored } from '../policy/image/manifests.ts'
import { basic, configOf, localSweep, rule } from './local-sweep.ts'

const local = localSweep()
const { all, create, push, sweep, calls } = local

const FIVE = { countType: 'imageCountMoreThan', countNumber: 5 }
const NO_RULES = configOf([])
const only = async (...args: Parameters<typeof sweep>): Promise<RepositoryRecord> =>
  (await sweep(...args))[0] as RepositoryRecord

const DENIED = { allowed: false, reason: '' } as const
const refuse = (...actions: readonly string[]): void => {
  all.aws.authorize = ({ action }) => (actions.includes(action) ? DENIED : { allowed: true })
}
/** Deletes the repository when an operation is called on it first. */
const deleteAt = (operation: string, repositoryName: string): void => {
  let isThere = true
  all.aws.authorize = ({ action }) => {
    if (isThere && action === `ecr:${operation}`) {
      isThere = false
      all.aws.call('ecr', 'DeleteRepository', { repositoryName, force: true })
    }
    return { allowed: true }
  }
}

const goneRecord = () => ({
  ...local.ref('prod/api'),
  ...{ kind: 'not-judged', why: 'it was deleted while the sweep ran', isGone: true },
})

test('a record comes for each repository, in the order in which they were given', async () => {
  create('b/two', 'a/one', 'c/three')
  const records = await sweep(['b/two', 'a/one', 'c/three'], NO_RULES)
  expect(records.map((record) => 'repository' in record && record.repository)).toEqual(['b/two', 'a/one', 'c/three'])
})

test('what is stored is counted, without a tag and in the archive too, and an image that is fine is only counted', async () => {
  create('prod/api')
  push('prod/api', '1.0', [])
  push('prod/api', undefined)
  const digest = push('prod/api', '0.9', [])
  all.aws.call('ecr', 'UpdateImageStorageClass', {
    ...{ repositoryName: 'prod/api', imageId: { imageDigest: digest }, targetStorageClass: 'ARCHIVE' },
  })
  const record = await only(['prod/api'], NO_RULES)
  expect(record).toMatchObject({ kind: 'repository', judged: 1, images: [], unread: [] })
  expect(record.omitted).toBeUndefined()
  const { bytes } = record.stored
  expect(bytes).toBeGreaterThan(0)
  expect(record.stored).toEqual({ images: 3, untagged: 1, archived: 1, bytes, archivedBytes: bytes / 3 })
})

describe('findings', () => {
  test('of an image are in the record, worst first, with the instant of the sweep that saw them first', async () => {
    create('prod/api')
    const digest = push('prod/api', '1.0', [basic('CVE-1', 'LOW'), basic('CVE-2', 'CRITICAL', 'zlib')])
    const { images } = await only(['prod/api'], NO_RULES)
    expect(images).toMatchObject([
      {
        ...{ digest, tags: ['1.0'], pushedAt: '2026-11-27T03:00:00.000Z', scan: 'complete', verdicts: [] },
        findings: [
          { id: 'CVE-2', severity: 'CRITICAL', package: 'zlib', installed: '3.0.1', firstSeen: NOW.toISOString() },
          { id: 'CVE-1', severity: 'LOW', firstSeen: NOW.toISOString() },
        ],
      },
    ])
    expect(images[0]?.sizeBytes).toBeGreaterThan(0)
    expect(images[0]?.users).toBeUndefined()
  })

  test('of the platforms of an index are those of the index, each once, and what else it lists is not asked for', async () => {
    create('prod/api')
    const [amd64, arm64] = ['amd64', 'arm64'].map((arch) => imageManifest(undefined, { annotations: { arch } }))
    const sbom = imageManifest(stored({}), { layers: [layer('x', 'application/vnd.in-toto+json')] })
    push('prod/api', undefined, [basic('CVE-1', 'HIGH'), basic('CVE-2', 'LOW')], amd64)
    push('prod/api', undefined, [basic('CVE-1', 'HIGH'), basic('CVE-3', 'MEDIUM')], arm64)
    push('prod/api', undefined, undefined, sbom)
    const members = [amd64, arm64].map((one) => member(one as typeof sbom))
    const digest = push('prod/api', '2.0', undefined, indexManifest([...members, member(sbom)]))
    const { images, judged, stored: sums } = await only(['prod/api'], NO_RULES)
    expect({ judged, images: sums.images }).toEqual({ judged: 1, images: 4 })
    expect(images.map((image) => [image.digest, image.scan, image.findings.map(({ id }) => id)])).toEqual([
      [digest, 'complete', ['CVE-1', 'CVE-3', 'CVE-2']],
    ])
    expect(images[0]?.scanned).toEqual([amd64?.digest, arm64?.digest])
    expect(calls()).toMatchObject({ DescribeImageScanFindings: 2, BatchGetImage: 2 })
  })

  test('of enhanced scanning are read alike', async () => {
    create('prod/api')
    const digest = push('prod/api', '1.0')
    all.aws.ecr.putScan('prod/api', digest, {
      status: { status: 'ACTIVE' },
      enhancedFindings: [
        {
          ...{ severity: 'HIGH', status: 'ACTIVE', title: 'CVE-9' },
          packageVulnerabilityDetails: {
            vulnerabilityId: 'CVE-9',
            vulnerablePackages: [{ name: 'curl', version: '8.0', fixedInVersion: '8.1' }],
          },
        },
      ],
    })
    const { images } = await only(['prod/api'], NO_RULES)
    expect(images[0]).toMatchObject({ scan: 'complete', findings: [{ id: 'CVE-9', package: 'curl', fixed: '8.1' }] })
  })

  test('that somebody lives with say so, and those whose exception ended count again', async () => {
    create('prod/api')
    push('prod/api', '1.0', [basic('CVE-1', 'HIGH'), basic('CVE-2', 'HIGH'), basic('CVE-3', 'LOW')])
    const exceptions = [
      exception({ finding: 'CVE-1', repositories: ['prod/**'] }),
      exception({ finding: 'CVE-3', repositories: ['prod/**'], expires: '2026-11-01', line: 20 }),
    ]
    const { images } = await only(['prod/api'], configOf([], { exceptions }))
    expect(images[0]?.findings.map(({ id, exception: agreed }) => [id, agreed?.state, agreed?.line])).toEqual([
      ['CVE-2', undefined, undefined],
      ['CVE-3', 'expired', 20],
      ['CVE-1', 'excepted', 12],
    ])
  })

  test.each([
    ['never scanned', undefined, 'never'],
    ['still scanned', { status: { status: 'IN_PROGRESS' } }, 'pending'],
    ['not to be scanned', { status: { status: 'UNSUPPORTED_IMAGE' } }, 'unsupported'],
    ['whose scan failed', { status: { status: 'FAILED' } }, 'failed'],
  ])('an image that is %s is in the record: nobody knows that it is fine', async (_, scan, state) => {
    create('prod/api')
    const digest = push('prod/api', '1.0')
    if (scan) all.aws.ecr.putScan('prod/api', digest, scan)
    const { images, unread } = await only(['prod/api'], NO_RULES)
    expect(images).toMatchObject([{ digest, scan: state, findings: [] }])
    expect(unread).toEqual([])
  })

  test('are not asked for where the listing says that there are none', async () => {
    create('prod/api')
    const digest = push('prod/api', '1.0')
    const image = {
      ...{ imageDigest: digest, imageTags: ['1.0'], imagePushedAt: 1_700_000_000, imageSizeInBytes: 10 },
      imageManifestMediaType: 'application/vnd.oci.image.manifest.v1+json',
      artifactMediaType: 'application/vnd.oci.image.config.v1+json',
      imageScanStatus: { status: 'COMPLETE' },
    }
    const answer = (counts: Record<string, number>) =>
      all.aws.faults.inject({
        ...{ service: 'ecr', operation: 'DescribeImages' },
        error: {
          body: JSON.stringify({
            imageDetails: [{ ...image, imageScanFindingsSummary: { findingSeverityCounts: counts } }],
          }),
        },
      })
    answer({ HIGH: 0 })
    expect(await only(['prod/api'], NO_RULES)).toMatchObject({ judged: 1, images: [] })
    expect(calls().DescribeImageScanFindings).toBeUndefined()
    answer({ HIGH: 1 })
    await only(['prod/api'], NO_RULES)
    expect(calls().DescribeImageScanFindings).toBe(1)
  })

  test('are not asked of a signature, however it is tagged, or of a chart', async () => {
    create('prod/api')
    const tag = `sha256-${'0'.repeat(64)}.sig`
    const simple = 'application/vnd.dev.cosign.simplesigning.v1+json'
    push('prod/api', tag, undefined, imageManifest(undefined, { layers: [layer('sig', simple)] }))
    const config = { mediaType: 'application/vnd.cncf.helm.config.v1+json', digest: stored('{}').digest, size: 2 }
    push('prod/api', 'chart', undefined, imageManifest(undefined, { config }))
    const record = await only(['prod/api'], NO_RULES)
    expect(record).toMatchObject({ judged: 2, images: [], unread: [] })
    expect(calls().DescribeImageScanFindings).toBeUndefined()
  })
})

describe('rules', () => {
  const config = configOf([rule('tag-immutability'), rule('lifecycle-policy'), rule('vulnerabilities')])

  test('of the repository and of its images are counted, and what is open is in the record', async () => {
    create('prod/api')
    push('prod/api', '1.0', [basic('CVE-1', 'CRITICAL')])
    push('prod/api', '1.1', [])
    const record = await only(['prod/api'], config)
    expect(record.rules).toEqual([
      { rule: 'lifecycle-policy', pass: 0, fail: 1, unknown: 0, excepted: 0 },
      { rule: 'tag-immutability', pass: 0, fail: 1, unknown: 0, excepted: 0 },
      { rule: 'vulnerabilities', pass: 1, fail: 1, unknown: 0, excepted: 0 },
    ])
    expect(record.verdicts.map((one) => [one.rule, one.outcome, one.mode])).toEqual([
      ['tag-immutability', 'fail', 'report'],
      ['lifecycle-policy', 'fail', 'report'],
    ])
    expect(record.verdicts[0]?.fix?.command).toContain('prod/api')
    expect(record.images.map(({ tags, verdicts }) => [tags, verdicts.map((one) => one.rule)])).toEqual([
      [['1.0'], ['vulnerabilities']],
    ])
  })

  test('with an exception say so and count as excepted', async () => {
    create('prod/api')
    const exceptions = [exception({ rule: 'tag-immutability', repositories: ['prod/**'] })]
    const record = await only(['prod/api'], { ...config, exceptions })
    expect(record.verdicts[0]).toMatchObject({
      rule: 'tag-immutability',
      exception: { state: 'excepted', owner: 'team-a', expires: '2027-01-31', line: 12 },
    })
    expect(record.rules[1]).toEqual({ rule: 'tag-immutability', pass: 0, fail: 0, unknown: 0, excepted: 1 })
  })
})

describe('the owner', () => {
  test('is that of the tag, or the first part of the name', async () => {
    create('prod/api')
    all.aws.ecr.createRepository({
      repositoryName: 'team-a/web',
      tags: [{ Key: 'Owner', Value: ' <b>payments</b> ' }],
    })
    const records = (await sweep(['prod/api', 'team-a/web'], NO_RULES)) as RepositoryRecord[]
    expect(records.map(({ owner }) => owner)).toEqual(['prod', '<b>payments</b>'])
  })
})

test('what is doubtful in its own lifecycle policy is said in words', async () => {
  create('prod/api')
  all.aws.call('ecr', 'PutLifecyclePolicy', {
    repositoryName: 'prod/api',
    lifecyclePolicyText: JSON.stringify({
      rules: ['v', 'v1'].map((prefix, index) => ({
        rulePriority: index + 1,
        selection: { ...{ tagStatus: 'tagged', tagPrefixList: [prefix] }, ...FIVE },
        action: { type: 'expire' },
      })),
    }),
  })
  const { lints } = await only(['prod/api'], NO_RULES)
  expect(lints).toEqual([expect.stringMatching(/^Rule 2: It never does anything/)])
})

describe('what cannot be read', () => {
  test('is said, and what can be read is judged', async () => {
    create('prod/api')
    push('prod/api', '1.0', [basic('CVE-1', 'HIGH')])
    refuse('ecr:ListTagsForResource', 'ecr:GetLifecyclePolicy')
    const record = await only(['prod/api'], configOf([rule('lifecycle-policy')]))
    expect(record).toMatchObject({ owner: 'prod', judged: 1, verdicts: [{ outcome: 'unknown' }] })
    expect(record.unread).toEqual([
      'its lifecycle policy: ECR answered AccessDeniedException to GetLifecyclePolicy',
      'its tags: ECR answered AccessDeniedException to ListTagsForResource',
    ])
  })

  test('of many images is one sentence', async () => {
    create('prod/api')
    for (const tag of ['1', '2', '3']) push('prod/api', tag, [])
    refuse('ecr:DescribeImageScanFindings')
    const { images, unread } = await only(['prod/api'], NO_RULES)
    expect(images.map(({ scan }) => scan)).toEqual(['unread', 'unread', 'unread'])
    expect(unread).toEqual(['of 3 images, the scan: ECR answered AccessDeniedException to DescribeImageScanFindings'])
  })

  test('of images leaves the repository judged in part', async () => {
    create('prod/api')
    push('prod/api', '1.0', [])
    refuse('ecr:DescribeImages')
    const record = await only(['prod/api'], NO_RULES)
    expect(record).toMatchObject({ kind: 'repository', judged: 0 })
    expect(record.unread).toEqual(['its images: ECR answered AccessDeniedException to DescribeImages'])
  })

  test('at all makes it a repository that was not judged, and the others are', async () => {
    create('prod/api', 'prod/web')
    all.aws.authorize = ({ resource }) => (resource.endsWith('prod/api') ? DENIED : { allowed: true })
    const [first, second] = await sweep(['prod/api', 'prod/web'], NO_RULES)
    expect(first as NotJudged).toEqual({
      ...local.ref('prod/api'),
      kind: 'not-judged',
      why: expect.stringContaining('AccessDeniedException'),
    })
    expect(second).toMatchObject({ kind: 'repository', repository: 'prod/web' })
  })

  test('of a manifest is said of its image alone', async () => {
    create('prod/api')
    push('prod/api', '1.0', [])
    push('prod/api', '1.1', [])
    refuse('ecr:BatchGetImage')
    const { judged, unread, rules } = await only(['prod/api'], configOf([rule('max-image-size')]))
    expect(judged).toBe(2)
    expect(rules).toEqual([{ rule: 'max-image-size', pass: 0, fail: 0, unknown: 2, excepted: 0 }])
    expect(unread).toEqual(['of 2 images, the manifest: ECR answered AccessDeniedException to BatchGetImage'])
    expect(calls().BatchGetImage).toBe(1)
  })
})

describe('a repository that is gone meanwhile says so, and nothing is missing of it', () => {
  test('from the beginning', async () => {
    create('prod/web')
    const records = await sweep(['prod/api', 'prod/web'], NO_RULES)
    expect(records).toEqual([goneRecord(), expect.objectContaining({ kind: 'repository', repository: 'prod/web' })])
  })

  test.each(['DescribeImageScanFindings', 'BatchGetImage'])('when %s is called', async (operation) => {
    create('prod/api')
    push('prod/api', '1.0', [])
    deleteAt(operation, 'prod/api')
    const config = configOf([rule('max-image-age', { since: 'push' })])
    expect(await sweep(['prod/api'], config)).toEqual([goneRecord()])
  })

  test('and an image that is gone is not judged, while its repository is', async () => {
    create('prod/api')
    const digest = push('prod/api', '1.0', [])
    push('prod/api', '1.1', [])
    let isThere = true
    all.aws.authorize = ({ action }) => {
      if (isThere && action === 'ecr:DescribeImageScanFindings') {
        isThere = false
        all.aws.call('ecr', 'BatchDeleteImage', { repositoryName: 'prod/api', imageIds: [{ imageDigest: digest }] })
      }
      return { allowed: true }
    }
    expect(await sweep(['prod/api'], NO_RULES, { atOnce: { repositories: 1, images: 1 } })).toMatchObject([
      { judged: 1, images: [], unread: [] },
    ])
  })
})

test('a fault of this code is no repository that could not be judged: it comes through', async () => {
  create('prod/api')
  push('prod/api', '1.0', [basic('CVE-1', 'HIGH')])
  const store = { ...all.memory.store, read: () => Promise.reject(new TypeError('broken')) }
  await expect(sweep(['prod/api'], NO_RULES, { store })).rejects.toThrow('broken')
})

test('names that mean harm are passed on as they are, and no more than text', async () => {
  create('prod/api')
  const evil = '<script>alert(1)</script>\u001b[31m'
  push('prod/api', '1.0', [basic(`CVE-1${evil}`, 'HIGH', `__proto__${evil}`)])
  const [image] = (await only(['prod/api'], NO_RULES)).images
  expect(image?.findings[0]).toMatchObject({ id: `CVE-1${evil}`, package: `__proto__${evil}` })
  const again = await only(['prod/api'], NO_RULES, { now: new Date('2026-12-24T03:00:00Z') })
  expect(again.images[0]?.findings[0]?.firstSeen).toBe(NOW.toISOString())
})

describe('packages', () => {
  const INDEXED = configOf([], { sweep: { ownerTag: 'Owner', packages: 'attached' } })
  /** Every image has an SBOM that names one package. */
  const reading = (): Partial<SweepDeps> => {
    const { region, url } = all.aws
    const evidence: EvidenceReading = async () => ({
      evidence: () => Promise.reject(new Unreadable('not asked for', true, undefined)),
      sboms: async ({ digest }) => ({
        isIndex: false,
        manifests: [
          {
            ...{ digest, unread: 0 },
            sboms: [
              {
                ...{ digest, format: 'document' },
                sbom: { format: 'SPDX 2.3', about: [], packages: [{ name: 'zlib', version: '1' }] },
              },
            ],
          },
        ],
      }),
    })
    return { readers: sweepReaders(signedAws(envOf(all.aws)), { region, endpoint: url, evidence }) }
  }
  const part = (): string => all.memory.files.get(KEYS.packagesOf(local.ref('prod/api')))?.text ?? ''

  test('of a repository are kept where steward.yaml says so', async () => {
    create('prod/api')
    const digest = push('prod/api', '1.0', [])
    push('prod/api', undefined)
    await sweep(['prod/api'], NO_RULES, reading())
    expect(part()).toBe('')
    await sweep(['prod/api'], INDEXED, reading())
    const [packageLine, repository, image, ...more] = part()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect({ packageLine, repository, more }).toEqual({
      packageLine: [null, 'zlib', '1'],
      repository: { ...local.ref('prod/api'), owner: 'prod', at: NOW.toISOString() },
      more: [],
    })
    expect(image).toMatchObject({ digest, tags: ['1.0'], packages: [0] })
  })

  test('of an image that is used without a tag are kept too, and it is not judged', async () => {
    create('prod/api')
    const digest = push('prod/api', undefined)
    const uses = [{ image: { ...local.ref('prod/api'), digest }, by: 'Lambda function old' }]
    const inventory = { at: 0, reports: [{ source: 'lambda', registry: local.ref('x'), uses }] }
    const record = await only(['prod/api'], INDEXED, { ...reading(), protection: createProtection(inventory, []) })
    expect(record.judged).toBe(0)
    expect(part()).toContain('Lambda function old')
  })

  test('of images that could not be read to their end stay as they were', async () => {
    create('prod/api')
    push('prod/api', '1.0', [])
    await sweep(['prod/api'], INDEXED, reading())
    const before = part()
    push('prod/api', '2.0', [])
    refuse('ecr:DescribeImages')
    await sweep(['prod/api'], INDEXED, reading())
    expect(part()).toBe(before)
  })

  test('are left as they are where their part cannot be read or written', async () => {
    create('prod/api')
    push('prod/api', '1.0', [])
    const { store } = all.memory
    const refusing = (method: 'read' | 'create'): Store => ({
      ...store,
      [method]: (key: string, text: string) =>
        key.startsWith('packages/')
          ? Promise.reject(new Unreadable('S3 answered AccessDenied', true, undefined))
          : store[method](key, text),
    })
    for (const method of ['read', 'create'] as const) {
      const record = await only(['prod/api'], INDEXED, { ...reading(), store: refusing(method) })
      expect(record).toMatchObject({ kind: 'repository', judged: 1 })
      expect(part()).toBe('')
    }
  })
})
