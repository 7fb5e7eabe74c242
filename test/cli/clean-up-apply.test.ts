import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { signedAws } from '../../functions/adapters/signed-aws.ts'
import { openPlan, planText, sealPlan } from '../../functions/domain/clean-up/seal.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { envOf } from '../adapters/env.ts'
import { indexOf, lifecycle, manifestOf, NOW, push } from '../clean-up/registry.ts'
import { hasCli, shell, withCli } from '../reliability/aws-cli.ts'
import { steward } from './cli.ts'

let aws: LocalAws
let folder: string

const DAY = 86_400_000
const CONFIG = `alerts: [{ repositories: ["**"], to: [sns] }]
clean-up:
  to: [sns]
  at-most: { share: 100%, share-of-registry: 100% }
  policies:
    - { repositories: ["ci/**"], policy: ci.json }
`
const child = manifestOf('child')
const index = indexOf('multi', [child])

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'steward-apply-'))
  aws = await startLocalAws()
  aws.ecr.createRepository({ repositoryName: 'ci/web' })
  for (let i = 0; i < 4; i++) push(aws, 'ci/web', manifestOf(`web-${i}`), 40 - i, `pr-${i}`)
  push(aws, 'ci/web', manifestOf('web-0'), 40, 'also-0')
  push(aws, 'ci/web', child, 50)
  push(aws, 'ci/web', index, 50, 'multi')
  push(aws, 'ci/web', manifestOf('new'), 2, 'latest')
  writeFileSync(join(folder, 'steward.yaml'), CONFIG)
  writeFileSync(
    join(folder, 'ci.json'),
    lifecycle({ tagStatus: 'any', countType: 'sinceImagePushed', countNumber: 25 }),
  )
})
afterEach(async () => {
  await aws.close()
  rmSync(folder, { recursive: true })
})

const cleanUp = async (argv: readonly string[], now = NOW) => {
  const { code, out, err } = await steward(['clean-up', ...argv], { cwd: folder, env: envOf(aws), now: () => now })
  return { code, err, out: stripVTControlCharacters(out) }
}
const FILE = 'clean-up-plan.json'
const planned = () => openPlan(readFileSync(join(folder, FILE), 'utf8'))
const repository = () => aws.ecr.repository('ci/web')
const tags = () => [...(repository()?.tagged.keys() ?? [])].toSorted()
const images = () => repository()?.images.size
const files = () => readdirSync(folder, { recursive: true }).map(String)

describe('clean-up apply', () => {
  test('without --yes it shows what it would come upon now, and changes nothing', async () => {
    await cleanUp(['plan'])
    push(aws, 'ci/web', manifestOf('web-1'), 39, 'wanted')
    const { code, out, err } = await cleanUp(['apply', FILE])
    expect(code).toBe(0)
    expect(out).toContain('5 images would go, 1 image would be kept.')
    expect(out).toContain('changed: it has the tags pr-1, wanted now, and had the tags pr-1')
    expect(out).toContain(`clean-up apply ${planned().id} --store .ecr-steward/clean-up --region ap-northeast-1 --yes`)
    expect(err).toContain('on this machine alone')
    expect(images()).toBe(7)
    expect(files().filter((name) => name.includes('journal'))).toEqual([])
  })

  test('with --yes it does the plan, says what it did, and undo brings it back', async () => {
    await cleanUp(['plan'])
    const { id } = planned()
    const { code, out } = await cleanUp(['apply', FILE, '--yes'])
    expect([code, tags(), images()]).toEqual([0, ['latest'], 1])
    expect(out).toContain('6 images deleted: at most 10.5 kB less')
    expect(out).toContain(`clean-up undo ${id}`)
    const again = await cleanUp(['apply', id, '--yes'])
    expect(again.out).toContain('0 images deleted.')
    const shown = await cleanUp(['undo', id])
    expect(shown.out).toContain(`6 images of plan ${id} would be brought back.`)
    expect(images()).toBe(1)
    push(aws, 'ci/web', manifestOf('other'), 1, 'pr-3')
    const undone = await cleanUp(['undo', id, '--yes'])
    expect(tags()).toEqual(['also-0', 'latest', 'multi', 'pr-0', 'pr-1', 'pr-2', 'pr-3'])
    expect(images()).toBe(7)
    expect([undone.code, undone.out.includes('pr-3 names another image by now')]).toEqual([3, true])
    const twice = await cleanUp(['undo', id, '--yes', '--json'])
    expect(JSON.parse(twice.out).filter(({ end }: { end: string }) => end === 'already-there')).toHaveLength(5)
  })

  test('a plan that was undone is not applied again', async () => {
    await cleanUp(['plan'])
    const { id } = planned()
    await cleanUp(['apply', FILE, '--yes'])
    await cleanUp(['undo', id, '--yes'])
    for (const words of [
      ['apply', id],
      ['apply', id, '--yes'],
    ]) {
      const { code, err } = await cleanUp(words)
      expect([code, err.includes(`Plan ${id} was undone`), err.includes('clean-up plan')]).toEqual([2, true, true])
    }
    expect(images()).toBe(7)
  })

  test('nothing goes where the registry policy lets another account pull since the plan was made', async () => {
    await cleanUp(['plan'])
    const statement = {
      ...{ Sid: 'pull', Effect: 'Allow', Principal: { AWS: '222222222222' } },
      ...{ Action: 'ecr:BatchGetImage', Resource: '*' },
    }
    const policyText = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
    await signedAws(envOf(aws))('ecr', 'PutRegistryPolicy', { policyText })
    const tried = await cleanUp(['apply', FILE])
    expect([tried.code, tried.err.includes('the registry policy lets 222222222222 pull')]).toEqual([3, true])
    const { code, out } = await cleanUp(['apply', FILE, '--yes'])
    expect([code, out.includes('222222222222'), images()]).toEqual([3, true, 7])
  })

  test('indexes go before their children, tagged images by their tags, and never more than asked', async () => {
    await cleanUp(['plan'])
    await cleanUp(['apply', FILE, '--yes'])
    const removals = aws.calls.filter(({ operation }) => operation === 'BatchDeleteImage')
    expect(removals.map(({ input }) => (input as { imageIds: unknown[] }).imageIds.length)).toEqual([6, 1])
    expect(removals[1]?.input).toMatchObject({ imageIds: [{ imageDigest: child.digest }] })
    expect(JSON.stringify(removals[0]?.input).match(/"imageTag"/g)).toHaveLength(6)
  })

  test('the store of a bucket is shared, and a plan is found in it by its id and by its address', async () => {
    aws.s3.createBucket('steward')
    await cleanUp(['plan', '--store', 's3://steward/clean-up'])
    const [key = ''] = aws.s3.keys('steward')
    const id = /plans\/(.+)\.json$/.exec(key)?.[1] ?? ''
    const wrong = await cleanUp(['apply', 'plan-that-is-not', '--store', 's3://steward/clean-up', '--yes'])
    expect([wrong.code, wrong.err.includes('There is no such plan in s3://steward/clean-up')]).toEqual([2, true])
    expect((await cleanUp(['apply', `s3://steward/${key}`])).out).toContain('6 images would go')
    const { code, err } = await cleanUp(['apply', id, '--store', 's3://steward/clean-up', '--yes'])
    expect([code, err, images()]).toEqual([0, '', 1])
    expect((await cleanUp(['undo', id, '--store', 's3://steward/clean-up', '--yes'])).code).toBe(0)
    expect(images()).toBe(7)
  })

  test('a plan that is expired, edited, or of another registry is refused, with what to do', async () => {
    await cleanUp(['plan'])
    const late = await cleanUp(['apply', FILE, '--yes'], new Date(NOW.getTime() + DAY))
    expect([late.code, late.err]).toEqual([2, expect.stringContaining('expired at 2026-11-29T03:00:00.000Z')])
    const { hash: _, ...draft } = planned()
    writeFileSync(join(folder, FILE), planText(sealPlan({ ...draft, account: '999999999999' })))
    expect((await cleanUp(['apply', FILE])).err).toContain('is of account 999999999999')
    writeFileSync(join(folder, FILE), planText({ ...planned(), account: '123456789012' }))
    const edited = await cleanUp(['apply', FILE, '--yes'])
    expect(edited.err).toContain(`"${FILE}": `)
    expect(edited.err).toContain('somebody has edited it')
    expect((await cleanUp(['apply', '../NO WHERE'])).err).toContain('is no file here, and no id of a plan')
    expect(images()).toBe(7)
  })

  test('stopped, nothing goes, until it is resumed', async () => {
    await cleanUp(['plan'])
    const stopped = await cleanUp(['stop', '--reason', 'incident 42\u001b[2J'])
    expect(stopped.out).toContain('incident 42�[2J')
    expect((await cleanUp(['apply', FILE])).err).toContain('The stop switch is on')
    const { code, out } = await cleanUp(['apply', FILE, '--yes'])
    expect([code, images()]).toEqual([3, 7])
    expect(out).toMatch(/incident 42.*\. 6 images left\./s)
    expect((await cleanUp(['resume'])).out).toContain('Clean-ups may run again.')
    expect((await cleanUp(['resume'])).out).toBe('Nothing had stopped them.\n')
    expect((await cleanUp(['apply', FILE, '--yes'])).code).toBe(0)
  })

  test('what is in use by now stays, and an inventory that cannot be read keeps everything', async () => {
    await cleanUp(['plan'])
    aws.faults.inject({ service: 'ecs', times: 1_000, error: { code: 'AccessDeniedException', status: 400 } })
    for (const more of [[], ['--yes']]) {
      const { code, out, err } = await cleanUp(['apply', FILE, ...more])
      expect([code, (out + err).includes('not known completely')]).toEqual([expect.any(Number), true])
      expect(code).not.toBe(0)
    }
    expect(images()).toBe(7)
  })

  test('interrupted, it ends after what is under way', async () => {
    await cleanUp(['plan'])
    const before = process.listeners('SIGINT')
    aws.onAnswered = ({ operation }) => {
      if (operation === 'BatchDeleteImage') process.emit('SIGINT')
    }
    const { code, err } = await cleanUp(['apply', FILE, '--yes'])
    expect([code, err.includes('It stops after the batch')]).toEqual([130, true])
    expect(images()).toBe(2)
    expect(process.listeners('SIGINT')).toEqual(before)
    delete aws.onAnswered
    expect((await cleanUp(['apply', FILE, '--yes'])).code).toBe(0)
    expect(images()).toBe(1)
  })

  test('undo knows only what the journal has', async () => {
    expect((await cleanUp(['undo', 'plan-that-is-not', '--yes'])).err).toContain('has nothing of a plan')
    expect((await cleanUp(['undo', '../../etc'])).err).toContain('is no id of a plan')
    expect(existsSync(join(folder, '.ecr-steward/clean-up/123456789012/ap-northeast-1/lease.json'))).toBe(false)
  })

  test.skipIf(!hasCli)(withCli('the AWS CLI sees what is left, and what is back'), async () => {
    const rig = { world: { aws } } as never
    const list = async () =>
      ((await shell(rig, 'aws ecr list-images --repository-name ci/web')) as { imageIds: { imageTag?: string }[] })
        .imageIds
    await cleanUp(['plan'])
    await cleanUp(['apply', FILE, '--yes'])
    expect((await list()).map(({ imageTag }) => imageTag)).toEqual(['latest'])
    await cleanUp(['undo', planned().id, '--yes'])
    expect((await list()).flatMap(({ imageTag }) => imageTag ?? []).toSorted()).toEqual(tags())
    const manifest = await shell(rig, `aws ecr batch-get-image --repository-name ci/web --image-ids imageTag=multi`)
    expect(manifest).toMatchObject({ images: [{ imageManifest: index.text }], failures: [] })
  })

  test('what is archived comes back out of the archive', async () => {
    const selection = {
      tagStatus: 'tagged',
      tagPatternList: ['pr-*'],
      countType: 'sinceImagePulled',
      countUnit: 'days',
      countNumber: 25,
    }
    const action = { type: 'transition', targetStorageClass: 'archive' }
    writeFileSync(join(folder, 'ci.json'), JSON.stringify({ rules: [{ rulePriority: 1, selection, action }] }))
    await cleanUp(['plan'])
    const { code, out } = await cleanUp(['apply', FILE, '--yes'])
    expect([code, out.includes('4 images archived')]).toEqual([0, true])
    const statuses = async () => {
      const answer = aws.call('ecr', 'DescribeImages', { repositoryName: 'ci/web', filter: { imageStatus: 'ANY' } })
      return (answer as { imageDetails: { imageStatus: string }[] }).imageDetails.map(({ imageStatus }) => imageStatus)
    }
    expect((await statuses()).filter((status) => status === 'ARCHIVED')).toHaveLength(4)
    const undone = await cleanUp(['undo', planned().id, '--yes'])
    expect([undone.code, undone.out.includes('it comes out of the archive')]).toEqual([0, true])
    expect((await statuses()).filter((status) => status === 'ARCHIVED')).toHaveLength(0)
  })
})
