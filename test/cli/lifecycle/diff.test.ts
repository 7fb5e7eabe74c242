import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { steward } from '../cli.ts'
import { daysAgo, digests, NOW, startImages } from './images.ts'

const here = startImages()
const diff = (argv: readonly string[], columns?: number) =>
  steward(['lifecycle', 'diff', ...argv], {
    ...{ cwd: here.folder, env: here.env, now: () => NOW },
    ...(columns !== undefined && { columns }),
  })

describe('lifecycle diff', () => {
  test('shows people what changes, what is lost first', async () => {
    const { code, out, err } = await diff(['-', 'keep-two.json', 'prod/api'], 120)
    expect([code, err]).toEqual([0, ''])
    expect(stripVTControlCharacters(out)).toMatchInlineSnapshot(`
      "prod/api, from the policy of prod/api to keep-two.json, as of 2026-11-28T12:00:00.000Z

      keep → expire: 1 image, at most 0 B, $0.00 a month
        multi  2026-10-29  0 B  rule 1 keeps the newest 2 of all images; this is number 3

      archive → keep: 1 image, at most 32.1 kB, $0.00 a month
        v1  2026-10-29  32.1 kB  rule 1 keeps the newest 2 of all images; this is number 2

      2 of 5 images change. By the policy of prod/api 1 image expires, by keep-two.json 2.
      "
    `)
  })

  test('what comes to be expired is red, what comes to stay is green', async () => {
    const before = process.env.FORCE_COLOR
    process.env.FORCE_COLOR = '1'
    try {
      const { out } = await diff(['-', 'keep-two.json', 'prod/api'], 120)
      expect(out).toContain('\u001b[31mmulti')
      expect(out).toContain('\u001b[32mv1')
    } finally {
      if (before === undefined) delete process.env.FORCE_COLOR
      else process.env.FORCE_COLOR = before
    }
  })

  test('gives a pipe a line for each image that changes', async () => {
    const { out } = await diff(['-', 'keep-two.json', 'prod/api'])
    const fields = out
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t').slice(0, 7))
    expect(fields).toEqual([
      ['archive', 'keep', 'prod/api', digests.old, 'v1', '1', '1'],
      ['keep', 'expire', 'prod/api', digests.index, 'multi', '', '1'],
    ])
  })

  test('JSON has the changes, and what each policy does in all', async () => {
    const { out } = await diff(['-', 'keep-two.json', 'prod/api', '--json'])
    const { changes, summary } = JSON.parse(out)
    expect(changes[1]).toMatchObject({
      digest: digests.index,
      before: { action: 'keep', rule: null, reason: 'no rule is about it' },
      after: { action: 'expire', rule: 1 },
    })
    expect(summary).toMatchObject({
      images: 5,
      changed: 2,
      before: { expire: { images: 1 } },
      after: { expire: { images: 2 } },
    })
  })

  test('of a repository without a policy everything was kept', async () => {
    const { out } = await diff(['-', 'policy.json', 'prod/web', '--now', '2026-11-28'])
    expect(out.split('\n').map((line) => line.split('\t').slice(0, 2).join(' '))).toEqual([
      'keep archive',
      'keep expire',
      '',
    ])
    const shown = await diff(['policy.json', 'policy.json', 'prod/web'], 120)
    expect(stripVTControlCharacters(shown.out)).toContain('Nothing changes for any image.')
  })

  test('several repositories are told apart; what cannot be read ends with 3', async () => {
    const { code, out, err } = await diff(['policy.json', 'keep-two.json', 'prod/**', 'none', '--json'])
    expect(code).toBe(3)
    const { repositories, missing } = JSON.parse(out)
    expect(repositories.map(({ repository }: { repository: string }) => repository)).toEqual(['prod/api', 'prod/web'])
    expect(missing).toHaveLength(1)
    expect(err).toContain('not judged: none')
    expect(
      JSON.parse((await diff(['policy.json', 'keep-two.json', 'none', 'nothing', '--json'])).out).repositories,
    ).toEqual([])
    const shown = await diff(['policy.json', 'keep-two.json', 'prod/api', 'prod/web'], 120)
    expect(stripVTControlCharacters(shown.out).match(/^prod\/\w+, from policy.json to keep-two.json/gm)).toHaveLength(2)
  })

  test('images may be those of files, many of them listed in part', async () => {
    const imageDetails = Array.from({ length: 30 }, (_, n) => ({
      imageDigest: `sha256:${n.toString(16).padStart(64, '0')}`,
      imagePushedAt: daysAgo(30 + n).toISOString(),
    }))
    here.write('many.json', JSON.stringify({ imageDetails }))
    const argv = ['policy.json', 'keep-two.json', '--images', 'many.json']
    expect((await diff(argv)).out.trimEnd().split('\n')).toHaveLength(2)
    here.write('never.json', JSON.stringify({ rules: JSON.parse(here.text('policy.json')).rules.slice(0, 1) }))
    const { out } = await diff(['never.json', 'policy.json', '--images', 'many.json'], 120)
    expect(stripVTControlCharacters(out)).toContain('keep → expire: 30 images')
    expect(out).toContain('… and 10 images more: --json has all')
  })

  test.each<[string, string[], string]>([
    ['one policy', ['policy.json'], "missing required argument 'NEW'"],
    ['no images', ['policy.json', 'keep-two.json'], 'No images are given.'],
    ['the same policy twice', ['-', '-', 'prod/api'], 'Both policies are that of the repository.'],
    ['the policy of files', ['-', 'policy.json', '--images', 'many.json'], 'stands for the policy of the repository'],
    ['a policy that is not there', ['none.json', 'policy.json', 'prod/api'], '"none.json" cannot be read (ENOENT).'],
  ])('is refused with %s', async (_, argv, message) => {
    const { code, out, err } = await diff(argv)
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(message)
  })
})
