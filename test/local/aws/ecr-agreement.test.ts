import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ecrHoldings } from '../../../functions/adapters/holdings.ts'
import { signedAws } from '../../../functions/adapters/signed-aws.ts'
import { evaluate } from '../../../functions/domain/lifecycle/evaluate.ts'
import { isIndex, type StoredImage } from '../../../functions/domain/lifecycle/image.ts'
import { parsePolicy } from '../../../functions/domain/lifecycle/parse-policy.ts'
import { readPolicy } from '../../../local/aws/ecr/lifecycle-preview/document.ts'
import { digestOf, OCI_INDEX, OCI_MANIFEST } from '../../../local/aws/ecr/manifest.ts'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { manifestOf } from './manifests.ts'

const NOW = Date.parse('2026-11-28T12:00:00Z')
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

let aws: LocalAws
beforeAll(async () => {
  aws = await startLocalAws()
})
afterAll(() => aws.close())

const TAGS = ['v1', 'v2', 'v1-amd64', 'release-1', 'release-v2', 'latest', 'dev.1', 'v', 'a*b'] as const

/** An instant of the past: never a whole number of days ago, since the clock goes on between two evaluations. */
const past = fc
  .tuple(fc.nat(6), fc.constantFrom(1, 30, 200))
  .map(([days, factor]) => new Date(NOW - days * factor * DAY - 30 * MINUTE))
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 })

const image = fc
  .record({
    tags: fc.uniqueArray(fc.constantFrom(...TAGS), { maxLength: 3 }),
    kind: fc.constantFrom('image', 'image', 'index', 'referrer', 'orphan' as const),
    /** Which of the images before it an index or a referrer is about. */
    about: fc.array(fc.nat(20), { minLength: 1, maxLength: 3 }),
    pushedAt: past,
    pulledAt: maybe(past),
    archivedAt: maybe(past),
    activatedAt: maybe(
      fc.oneof({ weight: 4, arbitrary: past }, { weight: 1, arbitrary: fc.constant(new Date(NOW + DAY)) }),
    ),
  })
  // Nothing happens to an image before its push. What an index lists that is on its way out of the archive, nobody can read:
  // ECR keeps it, and the engine cannot know.
  .map((one) => ({
    ...one,
    ...(one.kind === 'index' && Number(one.activatedAt) > NOW && { activatedAt: undefined }),
    pushedAt: new Date(
      Math.min(...[one.pushedAt, one.pulledAt, one.archivedAt, one.activatedAt].map((at) => at?.getTime() ?? NOW)),
    ),
  }))
type Image = typeof image extends fc.Arbitrary<infer T> ? T : never

/** A manifest that is about some of those that are there. */
function manifest({ kind, about }: Image, n: number, there: readonly string[]): string {
  const named = [...new Set(about.flatMap((at) => there[at % Math.max(there.length, 1)] ?? []))]
  const descriptors = named.map((digest) => ({ mediaType: OCI_MANIFEST, size: 1, digest }))
  if (kind === 'index')
    return JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      manifests: descriptors,
      annotations: { n: `${n}` },
    })
  if (kind === 'image') return manifestOf(`image ${n}`)
  const digest = (kind === 'referrer' && named[0]) || digestOf(`gone ${n}`)
  const config = { mediaType: 'application/vnd.oci.empty.v1+json', size: 2, digest: digestOf('{}') }
  const subject = { mediaType: OCI_MANIFEST, size: 1, digest }
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config,
    layers: [],
    subject,
    annotations: { n: `${n}` },
  })
}

function push(repositoryName: string, images: readonly Image[]): void {
  const there: string[] = []
  images.forEach((one, n) => {
    const { tags, pushedAt, pulledAt, archivedAt, activatedAt } = one
    const imageManifest = manifest(one, n, there)
    const isRestored = archivedAt && activatedAt && activatedAt > archivedAt
    const when = { pushedAt, ...(pulledAt && { pulledAt }), ...(archivedAt && { archivedAt }) }
    // Another tag is another push, which would bring it out of the archive: the last one puts it there.
    ;(tags.length > 0 ? tags : [undefined]).forEach((imageTag, at, all) => {
      const isLast = at === all.length - 1
      const input = { repositoryName, imageManifest, imageTag, ...when, ...(isRestored && { activatedAt }) }
      aws.ecr.putImage(isLast ? input : { repositoryName, imageManifest, imageTag, pushedAt })
    })
    there.push(digestOf(imageManifest))
  })
}

const PATTERNS = ['v*', '*', 'release-*', '*amd64', 'v1', 'latest', '*-*', 'v*1', 'a*b', 'dev.*', '**v**'] as const
const PREFIXES = ['v', 'v1', 'release', 'latest', 'a*', 'x'] as const

const tagged = fc.oneof(
  fc.constant({ tagStatus: 'any' }),
  fc.constant({ tagStatus: 'untagged' }),
  fc.record({
    tagStatus: fc.constant('tagged'),
    tagPatternList: fc.array(fc.constantFrom(...PATTERNS), { minLength: 1, maxLength: 2 }),
  }),
  fc.record({
    tagStatus: fc.constant('tagged'),
    tagPrefixList: fc.uniqueArray(fc.constantFrom(...PREFIXES), { minLength: 1, maxLength: 2 }),
  }),
)
const EXPIRE = { type: 'expire' }
const ARCHIVE = { type: 'transition', targetStorageClass: 'archive' }
const days = (countType: string, countNumber: number, more: object = {}) => ({
  countType,
  countUnit: 'days',
  countNumber,
  ...more,
})
const count = fc.oneof(
  fc.tuple(fc.integer({ min: 1, max: 6 }), fc.constantFrom(EXPIRE, ARCHIVE)).map(([countNumber, action]) => ({
    selection: { countType: 'imageCountMoreThan', countNumber },
    action,
  })),
  fc.tuple(fc.constantFrom(1, 3, 30, 200), fc.constantFrom(EXPIRE, ARCHIVE)).map(([n, action]) => ({
    selection: days('sinceImagePushed', n),
    action,
  })),
  fc.constantFrom(1, 3, 30, 200).map((n) => ({ selection: days('sinceImagePulled', n), action: ARCHIVE })),
  fc.constantFrom(90, 200).map((n) => ({
    selection: days('sinceImageTransitioned', n, { storageClass: 'archive' }),
    action: EXPIRE,
  })),
)
type DrawnRule = readonly [tags: object, what: { selection: object; action: object }, rulePriority: number]

const policyOf = (rules: readonly DrawnRule[]): string =>
  JSON.stringify({
    rules: rules.map(([tags, { selection, action }, rulePriority]) => ({
      rulePriority,
      description: 'as it came, and long enough for every policy to have a hundred characters at the least',
      selection: { ...tags, ...selection },
      action,
    })),
  })
const drawn = fc.array(fc.tuple(tagged, count, fc.integer({ min: 1, max: 40 })), {
  minLength: 1,
  maxLength: 6,
  size: 'max',
})
/** Most of them are refused. */
const anyPolicy = drawn.map(policyOf)
const isAny = ([tags]: DrawnRule): boolean => 'tagStatus' in tags && tags.tagStatus === 'any'
const goodPolicy = drawn
  .map((rules) => rules.toSorted((a, b) => Number(isAny(a)) - Number(isAny(b))))
  .map((rules) => policyOf(rules.map(([tags, what], at) => [tags, what, 3 * at + 1])))
  .filter((text) => parsePolicy(text).rules !== undefined)

type Going = readonly [digest: string, action: string, rule: number | null | undefined]

async function native(repositoryName: string, lifecyclePolicyText: string): Promise<readonly Going[]> {
  const call = signedAws({
    AWS_ENDPOINT_URL: aws.url,
    AWS_REGION: aws.region,
    AWS_ACCESS_KEY_ID: 'A',
    AWS_SECRET_ACCESS_KEY: 's',
  })
  await call('ecr', 'StartLifecyclePolicyPreview', { repositoryName, lifecyclePolicyText })
  await call('ecr', 'GetLifecyclePolicyPreview', { repositoryName })
  const { status, previewResults } = (await call('ecr', 'GetLifecyclePolicyPreview', { repositoryName })) as {
    status: string
    previewResults: { imageDigest: string; action: { type: string }; appliedRulePriority: number }[]
  }
  expect(status).toBe('COMPLETE')
  return previewResults.map(({ imageDigest, action, appliedRulePriority }) => [
    imageDigest,
    action.type === 'EXPIRE' ? 'expire' : 'archive',
    appliedRulePriority,
  ])
}

async function ours(repository: string, text: string): Promise<readonly Going[]> {
  const env = { AWS_ENDPOINT_URL: aws.url, AWS_REGION: aws.region, AWS_ACCESS_KEY_ID: 'A', AWS_SECRET_ACCESS_KEY: 's' }
  const holdings = ecrHoldings(signedAws(env), aws.region)
  const ref = { account: aws.account, region: aws.region, repository }
  const images: StoredImage[] = []
  for await (const page of holdings.images(ref)) images.push(...page)
  const children = await holdings.children(
    ref,
    images.filter(isIndex).map(({ digest }) => digest),
  )
  const { rules = [] } = parsePolicy(text)
  return evaluate(rules, images, children, new Date(aws.clock.now()))
    .filter(({ action }) => action !== 'keep')
    .map(({ digest, action, rule }) => [digest, action, rule])
}

const sorted = (going: readonly Going[]): readonly Going[] => going.toSorted(([a], [b]) => (a < b ? -1 : 1))

test('the engine and a preview of ECR mark the same images, by the same rules', async () => {
  let [repositories, marked] = [0, 0]
  await fc.assert(
    fc.asyncProperty(fc.array(image, { maxLength: 20, size: 'max' }), goodPolicy, async (images, text) => {
      const repositoryName = `random/${repositories++}`
      aws.clock.set(NOW)
      aws.ecr.createRepository({ repositoryName })
      push(repositoryName, images)
      const expected = sorted(await native(repositoryName, text))
      expect(sorted(await ours(repositoryName, text))).toEqual(expected)
      marked += expected.length
    }),
    { numRuns: 600 },
  )
  expect(marked).toBeGreaterThan(600)
}, 120_000)

test('both refuse the same policies', () => {
  const broken = fc.oneof(
    anyPolicy,
    fc
      .tuple(
        anyPolicy,
        fc.constantFrom('"days"', '"any"', '"archive"', '"transition"', '"countNumber":', ':1,', ':90'),
        fc.constantFrom('"x"', 'null', '"standard"', '0', '1.5', '"tagStatus":', '[]'),
      )
      .map(([text, found, put]) => text.replace(found, put)),
  )
  let refused = 0
  fc.assert(
    fc.property(broken, (text) => {
      let isTaken = true
      try {
        readPolicy(text)
      } catch {
        isTaken = false
      }
      expect(parsePolicy(text).rules !== undefined).toBe(isTaken)
      if (!isTaken) refused += 1
    }),
    { numRuns: 5_000 },
  )
  expect(refused).toBeGreaterThan(500)
})
