import { describe, expect, test } from 'vitest'
import { readingProgress } from '../../cli/clean-up/reading-progress.ts'
import { summaryLines } from '../../cli/clean-up/summary.ts'
import { inDollars } from '../../cli/clean-up/words.ts'
import type { PlanDraft } from '../../functions/domain/clean-up/plan.ts'
import { totalsOf } from '../../functions/domain/clean-up/totals.ts'
import { plan, planItem } from '../domain/clean-up/plans.ts'
import { recorder } from './cli.ts'

const digestOf = (number: number): string => `sha256:${number.toString(16).padStart(64, '0')}`

/** The summary of a plan on a terminal of a hundred columns, without colours. */
const shown = (change: Partial<PlanDraft>): string =>
  summaryLines(plan({ totals: totalsOf(change.items ?? []), ...change }), {
    ...{ paint: (_: unknown, text: string) => text, width: 100 },
    ...{ apply: 'ecr-steward clean-up apply clean-up-plan.json', entries: [] },
  }).join('\n')

describe('the summary of a plan', () => {
  test('of hundreds of images is a page, by repository and rule', () => {
    const items = Array.from({ length: 500 }, (_, number) =>
      planItem({
        repository: number % 5 === 0 ? 'ci/api' : 'ci/web',
        digest: digestOf(number),
        tags: number % 7 === 0 ? [] : [`pr-${number}`, `sha-${number}`, 'x'].slice(0, (number % 3) + 1),
        rule: number % 7 === 0 ? null : (number % 2) + 1,
        action: number % 10 === 0 ? 'archive' : 'delete',
        reason: number % 7 === 0 ? `index ${digestOf(9)} goes, which lists it` : 'older than 30 days',
        pushedAt: new Date(Date.UTC(2026, 8, 1 + (number % 30))).toISOString(),
        sizeBytes: 100_000_000 + number,
      }),
    )
    expect(shown({ items, population: { 'ci/api': 1_200, 'ci/web': 900 } })).toMatchInlineSnapshot(`
      "Clean-up plan 2026-11-28t03-00-00z-k3j9
      Registry 123456789012 in eu-central-1, 2,100 images in 2 repositories. The plan may be applied until
      2026-11-29 03:00 UTC.

      TO DELETE  450 images, at most 45 GB, which cost $4.50 a month
        ci/web  400 of 900 images, 40 GB
          172 images, 17.2 GB, by rule 1 of lifecycle/ci.json
            pr-2, sha-2, …    100 MB  older than 30 days
            pr-32, sha-32, …  100 MB  older than 30 days
            pr-62, sha-62, …  100 MB  older than 30 days
            … and 169 more images; --json has all
          171 images, 17.1 GB, by rule 2 of lifecycle/ci.json
            pr-1, sha-1    100 MB  older than 30 days
            pr-31, sha-31  100 MB  older than 30 days
            pr-61, sha-61  100 MB  older than 30 days
            … and 168 more images; --json has all
          57 images, 5.7 GB, with other images that go
            sha256:000000000000  100 MB  index sha256:000000000000 goes, which lists it
            sha256:000000000000  100 MB  index sha256:000000000000 goes, which lists it
            sha256:000000000000  100 MB  index sha256:000000000000 goes, which lists it
            … and 54 more images; --json has all
        ci/api  50 of 1,200 images, 5 GB
          43 images, 4.3 GB, by rule 2 of lifecycle/ci.json
            pr-5, sha-5, …    100 MB  older than 30 days
            pr-65, sha-65, …  100 MB  older than 30 days
            pr-95, sha-95, …  100 MB  older than 30 days
            … and 40 more images; --json has all
          7 images, 700 MB, with other images that go
            sha256:000000000000  100 MB  index sha256:000000000000 goes, which lists it
            sha256:000000000000  100 MB  index sha256:000000000000 goes, which lists it
            sha256:000000000000  100 MB  index sha256:000000000000 goes, which lists it
            … and 4 more images; --json has all

      TO ARCHIVE  50 images, at most 5 GB, which saves $0.00 a month
        Archived images cost the same up to 150 TB, are charged for 90 days at least, and have to be
        restored, for a charge and up to 20 minutes, before they can be pulled.
        ci/api  50 of 1,200 images, 5 GB
          42 images, 4.2 GB, by rule 1 of lifecycle/ci.json
            pr-30  100 MB  older than 30 days
            pr-60  100 MB  older than 30 days
            pr-90  100 MB  older than 30 days
            … and 39 more images; --json has all
          8 images, 800 MB, with other images that go
            sha256:000000000000  100 MB  index sha256:000000000000 goes, which lists it
            sha256:000000000000  100 MB  index sha256:000000000000 goes, which lists it
            sha256:000000000000  100 MB  index sha256:000000000000 goes, which lists it
            … and 5 more images; --json has all

      IN USE  as read at 2026-11-28 02:59 UTC: uses by source
        123456789012, eu-central-1  ecs 12

      Nothing is removed yet. Applying looks at each image again, and keeps what changed:
      $ ecr-steward clean-up apply clean-up-plan.json"
    `)
  })

  test('shows some of very many repositories and lines, and counts the rest', () => {
    const names = Array.from({ length: 40 }, (_, number) => `ci/service-${number}`)
    const text = shown({
      items: names.map((repository, number) => planItem({ repository, digest: digestOf(number) })),
      population: Object.fromEntries(names.map((name) => [name, 10])),
      protected: names.map((repository, number) => ({
        ...{ repository, digest: digestOf(number), tags: [] },
        by: ['ECS task definition web:1', 'ECS task definition web:2', 'Lambda function f', 'a pin'],
      })),
      blocked: names.map((repository) => ({ repository, why: 'ECR answered ServerException to DescribeImages' })),
      heldBack: names.map((repository, images) => ({
        repository,
        images: images + 1,
        why: 'a plan takes at most 500 images',
      })),
    })
    expect(text.split('\n').length).toBeLessThan(150)
    expect(text.match(/… and .*/g)).toEqual([
      '… and 20 more repositories; --json has all',
      ...Array(3).fill('… and 25 more lines; --json has all'),
    ])
    expect(text).toContain(
      'ci/service-0   sha256:000000000000  ECS task definition web:1, ECS task definition web:2, Lambda',
    )
    expect(text).toContain('HELD BACK  820 images that the rules would remove\n  ci/service-39  40 images')
  })

  test('says which source is not known completely', () => {
    const source = { source: 'ecs', account: '123456789012', region: 'eu-central-1', uses: 3 }
    const sources = [
      { ...source, incomplete: null },
      { ...source, source: 'eks', incomplete: 'AccessDenied' },
    ]
    expect(shown({ items: [], inventory: { at: '2026-11-28T03:00:00.000Z', sources } })).toContain(
      '123456789012, eu-central-1  ecs 3\n  123456789012, eu-central-1  eks: not known completely',
    )
  })

  test('shows nothing from outside that a terminal would act upon', () => {
    const hostile = 'a\u001b[31m\u202e\nb'
    const text = shown({
      items: [planItem({ repository: hostile, tags: [hostile], reason: hostile, policy: hostile })],
      protected: [{ repository: hostile, digest: digestOf(1), tags: [hostile], by: [hostile] }],
      blocked: [{ repository: hostile, why: hostile }],
      heldBack: [{ repository: hostile, images: 1, why: hostile }],
    })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]|\nb/)
  })
})

test.each([
  [0, '$0.00'],
  [0.004, 'under $0.01'],
  [0.005, '$0.01'],
  [1_234.5, '$1234.50'],
])('%d dollars are %s', (dollars, text) => {
  expect(inDollars(dollars)).toBe(text)
})

test('how far the reading is, is said with its rate', () => {
  let time = 0
  const io = { stdout: recorder().stream, stderr: recorder().stream, env: {}, cwd: '/', now: () => new Date(time) }
  const { label, onImages, onRepository, end } = readingProgress(io, false)
  expect(label()).toBe('reading what is in use, and the repositories')
  onImages(1_000)
  onImages(500)
  onRepository()
  time = 3_000
  expect(label()).toBe('1 repository, 1,500 images read, 500 a second')
  end()
})
