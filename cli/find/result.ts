import * as v from 'valibot'

const Count = v.pipe(v.number(), v.integer(), v.minValue(0))
const Instant = v.pipe(v.string(), v.isoTimestamp())

const Image = {
  ...{ account: v.string(), region: v.string(), repository: v.string(), owner: v.string() },
  readAt: v.pipe(Instant, v.description('When a sweep read the repository.')),
  digest: v.pipe(v.string(), v.description('What the tags name: of a platform, the digest of its index.')),
  manifest: v.pipe(v.optional(v.string()), v.description('Digest of the manifest of a platform of an index.')),
  platform: v.optional(v.string()),
  tags: v.array(v.string()),
  pushedAt: v.string(),
  usedBy: v.pipe(
    v.nullable(v.array(v.string())),
    v.description('Who uses it, in words; null where that is not known.'),
  ),
}

export const FindResultSchema = v.object({
  schemaVersion: v.literal(1),
  query: v.pipe(v.nullable(v.string()), v.description('null where no package was asked for.')),
  oldest: v.pipe(
    v.nullable(Instant),
    v.description('When the repository that was not read for longest was read; null where there is none.'),
  ),
  images: v.array(
    v.object({
      ...Image,
      packages: v.array(
        v.object({
          ...{ ecosystem: v.optional(v.string()), name: v.string(), version: v.optional(v.string()) },
          match: v.pipe(
            v.picklist(['yes', 'unknown']),
            v.description('unknown where its version is not known, or cannot be compared.'),
          ),
        }),
      ),
    }),
  ),
  missing: v.pipe(
    v.array(v.object({ ...Image, why: v.string() })),
    v.description('Images, or platforms of them, of which nothing is known.'),
  ),
  totals: v.object({
    images: v.pipe(Count, v.description('That have it, whatever their platforms.')),
    unsure: v.pipe(Count, v.description('That may have it: a version is not known, or cannot be compared.')),
    repositories: v.pipe(Count, v.description('With images that have it.')),
    inUse: v.pipe(Count, v.description('Images that have it and are in use.')),
    useUnknown: v.pipe(
      Count,
      v.description('Images that have it, and of which it is not known whether they are in use.'),
    ),
    covered: v.pipe(Count, v.description('Images of which it is known what is in them.')),
    uncovered: v.pipe(Count, v.description('Images of which it is not.')),
    unreadRepositories: v.pipe(Count, v.description('Repositories that no sweep could read yet.')),
  }),
  outcome: v.picklist(['pass', 'fail', 'unknown']),
})

export type FindResult = v.InferOutput<typeof FindResultSchema>
