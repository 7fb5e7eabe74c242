import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import type { ImagesResult } from '../../../cli/images/result.ts'
import { configuration, imageManifest, stored } from '../../policy/image/manifests.ts'
import { steward } from '../cli.ts'
import { INDEX, MADE, REPOSITORY, startWorld } from './world.ts'

const here = startWorld()
const images = (argv: readonly string[], columns?: number) =>
  steward(['images', ...argv], { cwd: here.folder, env: here.env, ...(columns !== undefined && { columns }) })
const judged = (...argv: readonly string[]) => images([REPOSITORY, '--config', 'images.yaml', ...argv])

const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../../docs/images.schema.json'), 'utf8'))
const isValid = new Ajv({ allErrors: true, formats: { 'date-time': true } }).compile(schema)

async function resultOf(...argv: readonly string[]): Promise<ImagesResult> {
  const { out } = await judged('--json', ...argv)
  const result = JSON.parse(out)
  expect(isValid(result) || isValid.errors).toBe(true)
  return result
}

const fields = (out: string): string[][] =>
  out
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t'))

/** Calls of ECR that a run makes, by operation. */
async function callsOf(run: () => Promise<unknown>): Promise<Readonly<Record<string, number>>> {
  const before = here.aws.calls.length
  await run()
  const calls = here.aws.calls.slice(before).filter(({ service }) => service === 'ecr')
  return Object.fromEntries(
    [...Map.groupBy(calls, ({ operation }) => operation)].map(([name, some]) => [name, some.length]),
  )
}

describe('images', () => {
  test('on a terminal are a table, the newest first', async () => {
    const { code, out, err } = await images([REPOSITORY, '--config', 'images.yaml'], 100)
    expect([code, err]).toEqual([0, ''])
    expect(stripVTControlCharacters(out)).toMatchInlineSnapshot(`
      "TAGS                                                      DIGEST        SIZE     PUSHED   PULLED  
          KIND · SCAN · VERDICT
      6.0, latest                                               6aec595312da  2.08 kB  11 days  -
          image · 1 critical, 1 high, 1 low · fail: vulnerabilities
      5.0                                                       796e95551319  2.08 kB  12 days  24 hours
          image · no findings · pass
      4.0                                                       b51216f7b6c2  2.08 kB  13 days  -
          image · 1 high (1 excepted) · pass
      sha256-6ffc287b0768c417d4057eae188aefcdddf4dbca87fb5b3d…  0cf96fd41698  1.03 kB  14 days  -
          signature
      3.0-chart                                                 bdf9fa47cb9c  1 kB     15 days  -
          Helm chart
      2.0                                                       6ffc287b0768  0 B      16 days  -
          linux/amd64, linux/arm64 · 1 high, 1 medium · fail: vulnerabilities
      untagged                                                  6b4925241a1d  1.04 kB  17 days  -
          attestation
      untagged                                                  86830181101d  2.08 kB  18 days  -
          image · 1 high
      untagged                                                  f0302212f608  2.08 kB  19 days  -
          image · 1 high, 1 medium
      1.0                                                       4d61fbbf7c24  2.08 kB  20 days  -
          image · not scanned · unknown: vulnerabilities
      untagged                                                  cb7a15ef1160  2.08 kB  21 days  -
          image · not scanned
      0.1                                                       6cbc707c807c  2.08 kB  22 days  -
          image · archived

      12 images in shop/api: 2 fail, 1 unknown, 2 pass.
      "
    `)
  })

  test('of which the listing is all that is asked for are a short table', async () => {
    const { out } = await images([REPOSITORY, '--quick', '--tagged', '--limit', '5'], 120)
    expect(stripVTControlCharacters(out)).toMatchInlineSnapshot(`
      "TAGS                                                  DIGEST        SIZE     PUSHED   PULLED    KIND
      6.0, latest                                           6aec595312da  2.08 kB  11 days  -         image
      5.0                                                   796e95551319  2.08 kB  12 days  24 hours  image
      4.0                                                   b51216f7b6c2  2.08 kB  13 days  -         image
      sha256-6ffc287b0768c417d4057eae188aefcdddf4dbca87fb…  0cf96fd41698  1.03 kB  14 days  -         -
      3.0-chart                                             bdf9fa47cb9c  1 kB     15 days  -         Helm chart

      The newest 5 of 8 images in shop/api. --limit shows more.
      "
    `)
  })

  test.each([60, 80, 100, 120, 200])('fit into a terminal of %i columns, whatever the tags are', async (columns) => {
    for (const argv of [[], ['--quick'], ['--config', 'images.yaml']]) {
      const lines = stripVTControlCharacters((await images([REPOSITORY, ...argv], columns)).out).split('\n')
      expect(Math.max(...lines.map((line) => line.trimEnd().length))).toBeLessThanOrEqual(Math.min(columns, 120))
    }
  })

  test('in a pipe are a line each, and the closing line is on stderr', async () => {
    const { code, out, err } = await judged()
    expect(code).toBe(0)
    expect(fields(out).map(([digest = '', ...rest]) => [digest.length, ...rest].join(' | '))).toMatchInlineSnapshot(`
      [
        "71 | 6.0,latest | 2082 | 2026-11-14T12:00:00.000Z | - | image | 1 critical, 1 high, 1 low | fail | vulnerabilities",
        "71 | 5.0 | 2079 | 2026-11-13T12:00:00.000Z | 2026-11-24T12:00:00.000Z | image | no findings | pass | ",
        "71 | 4.0 | 2082 | 2026-11-12T12:00:00.000Z | - | image | 1 high (1 excepted) | pass | ",
        "71 | sha256-6ffc287b0768c417d4057eae188aefcdddf4dbca87fb5b3dab86a2e6cb7099c8.sig | 1027 | 2026-11-11T12:00:00.000Z | - | signature | - | - | ",
        "71 | 3.0-chart | 1005 | 2026-11-10T12:00:00.000Z | - | Helm chart | - | - | ",
        "71 | 2.0 | 0 | 2026-11-09T12:00:00.000Z | - | linux/amd64, linux/arm64 | 1 high, 1 medium | fail | vulnerabilities",
        "71 |  | 1041 | 2026-11-08T12:00:00.000Z | - | attestation | - | - | ",
        "71 |  | 2079 | 2026-11-07T12:00:00.000Z | - | image | 1 high | - | ",
        "71 |  | 2079 | 2026-11-06T12:00:00.000Z | - | image | 1 high, 1 medium | - | ",
        "71 | 1.0 | 2083 | 2026-11-05T12:00:00.000Z | - | image | not scanned | unknown | vulnerabilities",
        "71 |  | 2082 | 2026-11-04T12:00:00.000Z | - | image | not scanned | - | ",
        "71 | 0.1 | 2082 | 2026-11-03T12:00:00.000Z | - | image | archived | - | ",
      ]
    `)
    expect(err).toBe('12 images in shop/api: 2 fail, 1 unknown, 2 pass.\n')
  })

  test('as JSON are what the published schema says', async () => {
    const { images: all, ...head } = await resultOf()
    expect(head).toEqual({
      ...{ schemaVersion: 1, readAt: '2026-11-25T12:00:00.000Z', account: here.aws.account, region: here.aws.region },
      ...{ repository: REPOSITORY, config: 'images.yaml', total: 12, outcome: 'pass' },
    })
    const index = all.find(({ digest }) => digest === INDEX.digest)
    expect(index).toMatchObject({
      ...{ kind: 'index', platforms: ['linux/amd64', 'linux/arm64'] },
      // What both platforms have counts once.
      scan: { state: 'complete', counts: { HIGH: 1, MEDIUM: 1 }, excepted: 0 },
      verdict: { state: 'fail', rules: [{ rule: 'vulnerabilities', outcome: 'fail', excepted: false }] },
    })
    expect(index?.scan?.platforms.map(({ digest, platform }) => [digest, platform])).toEqual([
      [MADE.amd64.digest, 'linux/amd64'],
      [MADE.arm64.digest, 'linux/arm64'],
    ])
  })

  test.each([
    [['--tagged'], 8],
    [['--untagged'], 4],
  ])('%j are those alone', async (argv, count) => {
    const { images: all, total } = await resultOf(...argv)
    expect([all.length, total]).toEqual([count, count])
    expect(new Set(all.map(({ tags }) => tags.length > 0))).toEqual(new Set([argv[0] === '--tagged']))
  })

  test('beyond the limit are counted, and said to be there', async () => {
    const { out, err } = await judged('--limit', '2')
    expect(fields(out).map(([, tags]) => tags)).toEqual(['6.0,latest', '5.0'])
    expect(err).toBe('The newest 2 of 12 images in shop/api: 1 fail, 1 pass. --limit shows more.\n')
  })

  test('whose findings are agreed upon pass, and the findings are still shown', async () => {
    const [excepted] = (await resultOf()).images.filter(({ tags }) => tags.includes('4.0'))
    expect(excepted).toMatchObject({ scan: { counts: { HIGH: 1 }, excepted: 1 }, verdict: { state: 'pass' } })
  })

  test('say for which platform a single image is where a rule has its configuration read', async () => {
    const { out } = await images(['prod/api'])
    expect(fields(out).map((line) => line.slice(5))).toEqual([['linux/amd64', 'not scanned', 'pass', '']])
  })

  test('have no verdict without a steward.yaml, which is said', async () => {
    const { code, out, err } = await steward(['images', REPOSITORY], { env: here.env })
    expect(code).toBe(0)
    expect(
      new Set(
        out
          .trimEnd()
          .split('\n')
          .map((line) => line.split('\t')[7]),
      ),
    ).toEqual(new Set(['-']))
    expect(err).toBe('12 images in shop/api. There is no steward.yaml here: nothing is judged.\n')
  })
})

describe('the calls of a listing', () => {
  test('are a page, one for manifests, one for what an index lists, and one for each scan', async () => {
    // Neither what is archived nor what is no image is scanned; of the index, its two platforms are.
    expect(await callsOf(() => judged())).toEqual({
      ...{ DescribeImages: 1, BatchGetImage: 1, DescribeImageScanFindings: 10 },
    })
  })

  test('leave images closed that no rule looks into: a pull is recorded of what is opened', async () => {
    const before = here.aws.calls.length
    await steward(['images', REPOSITORY], { env: here.env })
    const opened = here.aws.calls
      .slice(before)
      .filter(({ operation }) => operation === 'BatchGetImage')
      .flatMap(({ input }) => (input as { imageIds: readonly { imageDigest: string }[] }).imageIds)
      .map(({ imageDigest }) => imageDigest)
    const { amd64, arm64, chart, signature } = MADE
    expect(new Set(opened)).toEqual(new Set([INDEX, chart, signature, amd64, arm64].map(({ digest }) => digest)))
  })

  test('are two for the manifests of 120 images, of which more are read at once than are kept', async () => {
    const repositoryName = 'shop/many'
    here.aws.ecr.createRepository({ repositoryName })
    for (let index = 0; index < 120; index++) {
      const { text } = imageManifest(configuration({ created: `many ${index}` }))
      here.aws.ecr.putImage({ repositoryName, imageManifest: text, imageTag: `1.${index}` })
    }
    const calls = await callsOf(() => images([repositoryName, '--config', 'images.yaml', '--limit', '120']))
    expect(calls).toEqual({ DescribeImages: 1, BatchGetImage: 2, DescribeImageScanFindings: 120 })
  })

  test('are those of the listing alone with --quick', async () => {
    expect(await callsOf(() => images([REPOSITORY, '--quick']))).toEqual({ DescribeImages: 1 })
  })
})

describe('what is not there', () => {
  test.each([
    ['shop/apo', 3, 'error: shop/apo: the repository is not there. Did you mean shop/api?'],
    ['shop/api:1.0', 2, 'Write shop/api.'],
    ['shop/*', 2, 'is a pattern, and the images of one repository are listed'],
    ['Shop', 2, 'is no name of a repository'],
  ])('%s ends with %i', async (name, code, message) => {
    const ended = await images([name])
    expect([ended.code, ended.out]).toEqual([code, ''])
    expect(ended.err).toContain(message)
  })

  test('is what two options leave', async () => {
    expect(await images([REPOSITORY, '--tagged', '--untagged'])).toMatchObject({ code: 2, out: '' })
  })

  test('is a configuration that is named', async () => {
    expect(await images([REPOSITORY, '--config', 'nowhere.yaml'])).toMatchObject({ code: 2, out: '' })
  })

  test('is any image in an empty repository', async () => {
    expect(await images(['scratch/x'], 80)).toMatchObject({
      code: 0,
      out: expect.stringContaining('0 images in scratch/x.'),
    })
  })
})

describe('what cannot be read', () => {
  const forbid = (name: string): void => {
    here.aws.authorize = ({ action }) =>
      action === name ? { allowed: false, reason: 'no policy allows it' } : { allowed: true }
  }

  test('of every image is told once, with the statement to add', async () => {
    forbid('ecr:DescribeImageScanFindings')
    const { code, out, err } = await judged()
    expect(code).toBe(4)
    expect(fields(out).filter((line) => line[6] === 'not known')).toHaveLength(8)
    expect(err.match(/^not read: 8 images: /gm)).toHaveLength(1)
    expect(err).toContain('"Action":["ecr:DescribeImageScanFindings"]')
  })

  test('is a manifest: what the listing says stands, and of the rest nothing is claimed', async () => {
    forbid('ecr:BatchGetImage')
    const { code, out } = await judged('--tagged')
    expect(code).toBe(4)
    const rows = fields(out).map((line) => [line[1], ...line.slice(5, 8)])
    expect(rows).toContainEqual(['2.0', 'index', 'not known', 'unknown'])
    expect(rows).toContainEqual(['3.0-chart', 'Helm chart', '-', 'unknown'])
    expect(rows).toContainEqual(['6.0,latest', 'image', '1 critical, 1 high, 1 low', 'unknown'])
    expect(rows.find(([tags]) => tags?.startsWith('sha256-'))?.slice(1)).toEqual(['-', 'not known', 'unknown'])
  })

  test('is the listing itself: then nothing is listed', async () => {
    forbid('ecr:DescribeImages')
    const { code, out, err } = await judged()
    expect([code, out]).toEqual([4, ''])
    expect(err).toContain('"Action":["ecr:DescribeImages"]')
  })

  test('for now ends with 3', async () => {
    here.aws.faults.inject({
      ...{ service: 'ecr', operation: 'DescribeImageScanFindings' },
      error: { code: 'ValidationException', status: 400 },
    })
    const { images: all, outcome } = await resultOf()
    expect(outcome).toBe('unknown')
    expect(all.filter(({ scan }) => scan?.state === 'unread')).toHaveLength(1)
  })

  test('is no part of the list where it is deleted meanwhile', async () => {
    here.aws.faults.inject({
      ...{ service: 'ecr', operation: 'DescribeImageScanFindings' },
      error: { code: 'ImageNotFoundException', status: 400 },
    })
    expect((await resultOf('--tagged')).images).toHaveLength(7)
  })
})

test('what tags contain moves no cursor and makes no line', async () => {
  here.aws.faults.inject({
    ...{ service: 'ecr', operation: 'DescribeImages' },
    error: {
      body: JSON.stringify({
        imageDetails: [
          {
            imageDigest: stored('x').digest,
            imageTags: ['a\u001b[2J\r\n\tb\u202e'],
            imagePushedAt: 1,
            imageSizeInBytes: 1,
          },
        ],
      }),
    },
  })
  const { out } = await images([REPOSITORY, '--quick'])
  expect(out.split('\n')).toHaveLength(2)
  expect(out.split('\t')).toHaveLength(9)
  expect(out.replaceAll(/[\t\n]/g, '')).toMatch(/^[^\p{Cc}\p{Cf}]+$/u)
})
