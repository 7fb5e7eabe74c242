import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify, stripVTControlCharacters } from 'node:util'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { indexOf, manifestOf } from '../../local/aws/manifests.ts'
import { hasCli, withCli } from '../../reliability/aws-cli.ts'
import { steward } from '../cli.ts'
import { daysAgo, digests, NOW, POLICY, startImages } from './images.ts'

const here = startImages()
const preview = (argv: readonly string[], columns?: number) =>
  steward(['lifecycle', 'preview', ...argv], {
    ...{ cwd: here.folder, env: here.env, now: () => NOW },
    ...(columns !== undefined && { columns }),
  })

const schema = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../docs/lifecycle-preview.schema.json'), 'utf8'),
)
const isValid = new Ajv({ allErrors: true }).compile(schema)

type Image = { digest: string; tags: string[]; action: string; rule: number | null; dueAt: string | null }

/** What is said of each image, in few words. */
const saidOf = (images: readonly Image[]): readonly string[] =>
  images.map(({ digest, tags, action, rule }) => `${tags[0] ?? digest.slice(7, 13)} ${action} ${rule ?? '-'}`)

const SAID = [
  'v1 archive 1',
  `${digests.stray.slice(7, 13)} expire 5`,
  `${digests.child.slice(7, 13)} keep -`,
  'multi keep -',
  'v2 keep 1',
]

const detail = (name: string, more: object = {}) => ({
  repositoryName: 'prod/api',
  imageDigest: digests[name as keyof typeof digests],
  imagePushedAt: daysAgo(30).toISOString(),
  imageSizeInBytes: 1_500_000_000,
  ...more,
})
const details = (...imageDetails: object[]): string => JSON.stringify({ imageDetails })

describe('of a repository', () => {
  test('JSON has every image with why and when, and sums; as the schema says', async () => {
    const { code, out, err } = await preview(['prod/api', '--json'])
    expect([code, err]).toEqual([0, ''])
    const json = JSON.parse(out)
    expect(isValid(json)).toBe(true)
    expect(Object.keys(json)).toEqual(['images', 'summary'])
    expect(Object.keys(json.images[0])).toEqual(['digest', 'tags', 'action', 'rule', 'reason', 'dueAt', 'sizeBytes'])
    expect(saidOf(json.images)).toEqual(SAID)
    expect(json.images[1]).toMatchObject({
      reason: 'older than 7 days by rule 5: pushed 2026-10-29, due 2026-11-05',
      dueAt: '2026-11-05T12:00:00.000Z',
      sizeBytes: 32_100,
    })
    expect(json.summary).toEqual({
      at: '2026-11-28T12:00:00.000Z',
      images: 5,
      keep: { images: 3, bytes: 64_200, dollarsPerMonth: 0 },
      expire: { images: 1, bytes: 32_100, dollarsPerMonth: 0 },
      archive: { images: 1, bytes: 32_100, dollarsPerMonth: 0 },
    })
  })

  test('people see it by rule, with sums', async () => {
    const { code, out } = await preview(['prod/api'], 120)
    expect(code).toBe(0)
    expect(stripVTControlCharacters(out)).toMatchInlineSnapshot(`
      "prod/api, by the policy of prod/api itself, as of 2026-11-28T12:00:00.000Z

      Rule 1  images with a tag that starts with "v": the newest stays, older ones go to the archive
        1 image goes to the archive (32.1 kB, saves $0.00 a month): v1 of 2026-10-29
          v1  2026-10-29  32.1 kB  rule 1 keeps the newest 1 of images with a tag that starts with "v"; this is number 2
        1 image stays (at most 32.1 kB, $0.00 a month): v2 of 2026-11-27

      Rule 5  images without a tag: expire 7 days after their push
        1 image expires (frees at most 32.1 kB, $0.00 a month): sha256:a5d34a6d6b67 of 2026-10-29
          sha256:a5d34a6d6b67  2026-10-29  32.1 kB  older than 7 days by rule 5: pushed 2026-10-29, due 2026-11-05

      No rule
        2 images stay (at most 32.1 kB, $0.00 a month): newest sha256:800d2d3a171c of 2026-10-29, oldest multi of 2026-10-29

      1 image expires (frees at most 32.1 kB, $0.00 a month), 1 image goes to the archive (32.1 kB, saves $0.00 a month), 3
      images stay (at most 64.2 kB, $0.00 a month).
      "
    `)
  })

  test('a pipe gets a line for each image', async () => {
    const { out } = await preview(['prod/api'])
    const fields = out.split('\n').map((line) => line.split('\t'))
    expect(fields[1]).toEqual([
      ...['expire', 'prod/api', digests.stray, '', '5', '2026-11-05T12:00:00.000Z', '32100'],
      'older than 7 days by rule 5: pushed 2026-10-29, due 2026-11-05',
    ])
    expect(fields).toHaveLength(6)
  })

  test('another policy and another time are taken instead', async () => {
    const { out } = await preview(['prod/web', '--policy', 'policy.json', '--now', '2026-11-01', '--json'])
    const { images, summary } = JSON.parse(out)
    expect(saidOf(images)[1]).toContain('keep 5')
    expect(summary.at).toBe('2026-11-01T00:00:00.000Z')
  })

  test('several are told apart; what cannot be read is told, and ends with 3', async () => {
    const { code, out, err } = await preview(['prod/**', 'none', '--json'])
    expect(code).toBe(3)
    const json = JSON.parse(out)
    expect(isValid(json)).toBe(true)
    // One that was matched only needs no policy.
    expect(json.repositories.map(({ repository }: { repository: string }) => repository)).toEqual(['prod/api'])
    expect(json.missing).toEqual([{ name: 'none', problem: 'the repository is not there' }])
    expect(err).toContain('not judged: none: the repository is not there')
  })

  test('JSON of several of which none can be read is JSON all the same', async () => {
    const { code, out } = await preview(['none', 'nothing', '--json'])
    expect(code).toBe(3)
    expect(JSON.parse(out)).toMatchObject({ repositories: [] })
    expect(isValid(JSON.parse(out))).toBe(true)
  })

  test('one without a policy of its own asks for one', async () => {
    const { code, out, err } = await preview(['prod/web'])
    expect([code, out]).toEqual([3, ''])
    expect(err).toContain('not judged: prod/web: it has no lifecycle policy: give one with --policy FILE')
  })

  test('a missing permission ends with 4 and says which', async () => {
    here.aws.authorize = ({ action }) =>
      action === 'ecr:DescribeImages' ? { allowed: false, reason: 'no statement allows it' } : { allowed: true }
    const { code, err } = await preview(['prod/api'])
    expect(code).toBe(4)
    expect(err).toContain('ecr:DescribeImages')
  })

  test('two in a terminal come one after another', async () => {
    const { out } = await preview(['prod/api', 'prod/web', '--policy', 'keep-two.json'], 120)
    expect(stripVTControlCharacters(out).match(/^prod\/\w+, by the policy of keep-two.json/gm)).toHaveLength(2)
  })
})

describe('--native', () => {
  test('says that ECR says the same', async () => {
    const { code, out } = await preview(['prod/api', '--native', '--json'])
    expect([code, JSON.parse(out).differences]).toEqual([0, []])
    expect(isValid(JSON.parse(out))).toBe(true)
    expect((await preview(['prod/api', '--native'], 120)).out).toContain('says the same of every image')
  })

  test('shows every image of which ECR says something else, and ends with 1', async () => {
    // Two months on for ECR, and not for us: another image is old enough.
    const lifecyclePolicyText = POLICY.replace('"countNumber":7', '"countNumber":40')
    here.write('forty.json', lifecyclePolicyText)
    here.aws.clock.set(NOW.getTime() + 60 * 86_400_000)
    try {
      const argv = ['prod/web', '--policy', 'forty.json', '--native']
      const json = await preview([...argv, '--json'])
      expect(json.code).toBe(1)
      expect(JSON.parse(json.out).differences).toEqual([
        {
          digest: digests.stray,
          tags: [],
          ours: { action: 'keep', rule: null },
          native: { action: 'expire', rule: 5 },
        },
      ])
      expect(isValid(JSON.parse(json.out))).toBe(true)
      const pipe = await preview(argv)
      expect([pipe.code, pipe.err]).toEqual([
        1,
        `difference: ${digests.stray.slice(0, 19)} ${digests.stray}: here keep (rule none), ECR expire (rule 5)\n`,
      ])
      const shown = stripVTControlCharacters((await preview(argv, 120)).out)
      expect(shown).toContain('something else of 1 image:')
      expect(shown).toContain(`${digests.stray.slice(0, 19)}: here keep, ECR expire by rule 5`)
    } finally {
      here.aws.clock.set(NOW.getTime())
    }
  })
})

describe('of files', () => {
  const offline = (argv: readonly string[]) =>
    steward(['lifecycle', 'preview', ...argv], { cwd: here.folder, now: () => NOW })

  test('works without AWS, with times as both versions of the CLI write them', async () => {
    here.write(
      'images.json',
      details(
        detail('old', { imageTags: ['v1'], imagePushedAt: daysAgo(30).getTime() / 1_000 }),
        detail('stray', { imagePushedAt: '2026-10-29T13:00:00.123456+01:00' }),
        detail('new', { imageTags: ['v2'], imagePushedAt: daysAgo(1).getTime() / 1_000 + 0.5 }),
      ),
    )
    const { code, out, err } = await offline(['--policy', 'policy.json', '--images', 'images.json', '--json'])
    expect([code, err]).toEqual([0, ''])
    const json = JSON.parse(out)
    expect(isValid(json)).toBe(true)
    expect(saidOf(json.images)).toEqual(['v1 archive 1', SAID[1], 'v2 keep 1'])
    expect(json.images[1].dueAt).toBe('2026-11-05T12:00:00.123Z')
    expect(json.summary.expire).toEqual({ images: 1, bytes: 1_500_000_000, dollarsPerMonth: 0.15 })
  })

  test('pages in one file or in several are one list, and images that come twice count once', async () => {
    here.write(
      'pages.json',
      `${JSON.stringify({ imageDetails: [detail('old')], nextToken: '}{"' })}\n${details(detail('stray'))}`,
    )
    here.write('more.json', `[]`.replace('[]', details(detail('stray'), detail('new'))))
    const { out, err } = await offline(['--policy', 'policy.json', '--images', 'pages.json', '--images', 'more.json'])
    expect(out.trimEnd().split('\n')).toHaveLength(3)
    expect(err).toBe('note: An image comes twice: the first counts.\n')
  })

  test('what indexes list comes from batch-get-image; without it, that is told', async () => {
    const index = indexOf(manifestOf('child'))
    here.write(
      'index.json',
      details(
        detail('child'),
        detail('index', { imageTags: ['multi'], imageManifestMediaType: JSON.parse(index).mediaType }),
      ),
    )
    const image = { imageId: { imageDigest: digests.index }, imageManifest: index }
    const plain = { imageId: { imageDigest: digests.old }, imageManifest: manifestOf('old') }
    here.write('manifests.json', JSON.stringify({ images: [image, plain], failures: [] }))
    const argv = ['--policy', 'policy.json', '--images', 'index.json', '--json']
    const unknown = await offline(argv)
    expect(saidOf(JSON.parse(unknown.out).images)[0]).toContain('expire 5')
    expect(unknown.err).toContain(`note: prod/api: what the index ${digests.index} lists is not known.`)
    const known = await offline([...argv, '--images', 'manifests.json'])
    expect(saidOf(JSON.parse(known.out).images)).toEqual([SAID[2], 'multi keep -'])
    // ECR gives an index the size of its largest image, which does not go with it.
    expect([JSON.parse(known.out).images[1].sizeBytes, known.err]).toEqual([0, ''])
  })

  test('a list that goes on elsewhere, and several indexes that nobody knows, are told', async () => {
    const mediaType = JSON.parse(indexOf(manifestOf('child'))).mediaType
    const index = { imageManifestMediaType: mediaType }
    here.write(
      'part.json',
      JSON.stringify({ imageDetails: [detail('old', index), detail('new', index)], NextToken: 'x' }),
    )
    const { err } = await offline(['--policy', 'policy.json', '--images', 'part.json'])
    expect(err).toContain('note: The files end with a nextToken')
    expect(err).toContain('what 2 indexes list,')
  })

  test('hostile tags stay on their line', async () => {
    here.write('hostile.json', details(detail('old', { imageTags: ['v1\n\u001b[31mexpire\tall'] })))
    const { out } = await offline(['--policy', 'policy.json', '--images', 'hostile.json'])
    expect(out.trimEnd().split('\n')).toHaveLength(1)
    expect(out).not.toContain('\u001b')
  })

  test('many images are written whole, those of a rule listed in part', async () => {
    const many = Array.from({ length: 3_000 }, (_, n) => ({
      imageDigest: `sha256:${n.toString(16).padStart(64, '0')}`,
      imagePushedAt: daysAgo(30 + n).toISOString(),
    }))
    here.write('many.json', details(...many))
    const argv = ['lifecycle', 'preview', '--policy', 'policy.json', '--images', 'many.json']
    const { out } = await offline(['--policy', 'policy.json', '--images', 'many.json', '--json'])
    expect(JSON.parse(out).images).toHaveLength(3_000)
    const shown = await steward(argv, { cwd: here.folder, now: () => NOW, columns: 120 })
    expect(shown.out).toContain('… and 2,990 images more: --json has all')
    here.write('none.json', details())
    const none = await steward([...argv.slice(0, -1), 'none.json'], { cwd: here.folder, now: () => NOW, columns: 120 })
    expect(none.out).toContain('There is no image.')
  })

  test.each<[string, string, string]>([
    [
      'an image without push time',
      details(detail('old', { imagePushedAt: undefined })),
      'imageDetails[0] has no imagePushedAt.',
    ],
    [
      'a time without its offset',
      details(detail('old', { imagePushedAt: '2026-10-29T12:00:00' })),
      '[0].imagePushedAt is "2026-10-29T12:00:00".',
    ],
    [
      'a time in milliseconds',
      details(detail('old', { lastRecordedPullTime: 1_790_000_000_000 })),
      '[0].lastRecordedPullTime is 1790000000000.',
    ],
    ['no digest', details(detail('old'), { imagePushedAt: 1 }), 'imageDetails[1] has no imageDigest.'],
    ['a digest that is none', details(detail('old', { imageDigest: 'latest' })), '[0].imageDigest is "latest".'],
    ['tags that are no list', details(detail('old', { imageTags: 'v1' })), '[0].imageTags is "v1".'],
    ['a size that is none', details(detail('old', { imageSizeInBytes: -1 })), '[0].imageSizeInBytes is -1.'],
    ['a status that is none', details(detail('old', { imageStatus: 'GONE' })), '[0].imageStatus is "GONE".'],
    [
      'a media type that is none',
      details(detail('old', { imageManifestMediaType: 7 })),
      '[0].imageManifestMediaType is 7.',
    ],
    ['an image that is none', JSON.stringify({ imageDetails: [null] }), 'imageDetails[0] is nothing.'],
    [
      'something else',
      '{"repositories":[]}',
      'bad.json is no output of aws ecr describe-images: it has no list imageDetails.',
    ],
    ['a list', '[1]', 'bad.json is no output of aws ecr describe-images'],
    [
      'something else after images',
      `${details(detail('old'))}{}`,
      'bad.json, document 2 is no output of aws ecr describe-images',
    ],
    ['no JSON', 'imageDetails:', 'bad.json is no JSON:'],
    ['nothing', ' \n', 'bad.json is no JSON:'],
    ['half a document', '{"imageDetails":[', 'bad.json is no JSON:'],
    [
      'images of two repositories',
      details(detail('old'), detail('new', { repositoryName: 'b' })),
      'images of "prod/api" and of "b".',
    ],
    ['a manifest without its digest', '{"images":[{"imageManifest":"{}"}]}', 'images[0] has no imageId.imageDigest'],
    [
      'a manifest that is not that of its digest',
      JSON.stringify({ images: [{ imageId: { imageDigest: digests.old }, imageManifest: '{}' }] }),
      'images[0].imageManifest cannot be relied upon',
    ],
  ])('with %s ends with 2 and says where', async (_, text, message) => {
    here.write('bad.json', text)
    const { code, out, err } = await offline(['--policy', 'policy.json', '--images', 'bad.json'])
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(message)
  })
})

describe('is refused', () => {
  test.each<[string, string[], string]>([
    ['without images', ['--policy', 'policy.json'], 'No images are given.'],
    ['with both kinds of images', ['prod/api', '--images', 'images.json'], 'and repositories too.'],
    ['with images and no policy', ['--images', 'images.json'], 'Files have images, and no policy.'],
    [
      'with a file that is not there',
      ['--policy', 'policy.json', '--images', 'none.txt'],
      '"none.txt" cannot be read (ENOENT).',
    ],
    ['natively for files', ['--policy', 'policy.json', '--images', 'x', '--native'], 'knows its own images alone'],
    ['natively for another time', ['prod/api', '--native', '--now', '2026-01-01'], 'knows no other time than now'],
    ['with a time that is none', ['prod/api', '--now', 'tomorrow'], '--now is "tomorrow", which is no instant.'],
    ['of an image', ['prod/api:v1'], 'prod/api is named with a tag or digest'],
  ])('%s', async (_, argv, message) => {
    const { code, out, err } = await preview(argv)
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(message)
  })

  test('with a policy that ECR would refuse, naming rule and field', async () => {
    here.write('broken.json', POLICY.replace('"countNumber":7', '"countNumber":0'))
    const { code, err } = await preview(['prod/api', '--policy', 'broken.json'])
    expect(code).toBe(2)
    expect(err).toContain('ECR would refuse the policy of broken.json.')
    expect(err).toMatch(/rule 5, selection.countNumber: /)
    here.write('no-policy.json', 'x'.repeat(200))
    expect((await preview(['prod/api', '--policy', 'no-policy.json'])).err).toMatch(/^ {2}policy: /m)
  })
})

describe.skipIf(!hasCli)(withCli('what the AWS CLI writes'), () => {
  test('is read as it is: images of every status, and manifests', async () => {
    const env = {
      ...here.env,
      PATH: process.env.PATH,
      HOME: here.folder,
      AWS_DEFAULT_REGION: here.aws.region,
      AWS_PAGER: '',
    }
    const aws = async (name: string, ...argv: string[]) =>
      here.write(name, (await promisify(execFile)('aws', ['ecr', ...argv, '--output', 'json'], { env })).stdout)
    const repository = ['--repository-name', 'prod/api']
    const images = await aws('described.json', 'describe-images', ...repository, '--filter', 'imageStatus=ANY')
    const ids = ['--image-ids', `imageDigest=${digests.index}`]
    const manifests = await aws('got.json', 'batch-get-image', ...repository, ...ids)
    const argv = ['--policy', 'policy.json', '--images', images, '--images', manifests, '--json']
    const { code, out, err } = await preview(argv)
    expect([code, err]).toEqual([0, ''])
    const { out: native } = await preview(['prod/api', '--json'])
    expect(JSON.parse(out)).toEqual(JSON.parse(native))
  }, 30_000)
})
