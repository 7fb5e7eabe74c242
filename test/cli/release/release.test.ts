import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { dynamoMemory } from '../../../functions/adapters/memory.ts'
import { signedAws } from '../../../functions/adapters/signed-aws.ts'
import { type ImageState, imageSubject } from '../../../functions/push-check/image-state.ts'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { envOf } from '../../adapters/env.ts'
import { manifestOf, push } from '../../clean-up/registry.ts'
import { steward } from '../cli.ts'

const TABLE = 'state'
const NAME = 'prod/api'
const OURS = manifestOf('ours')
const { digest } = OURS
const WHY = [{ rule: 'non-root-user', reason: 'It runs as root.' }]

let aws: LocalAws
beforeEach(async () => {
  aws = await startLocalAws()
  aws.ecr.createRepository({ repositoryName: NAME })
  for (const tag of ['quarantine-1.4.2', 'quarantine-latest']) push(aws, NAME, OURS, 2, tag)
  const schema = { KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }], BillingMode: 'PAY_PER_REQUEST' }
  await call('CreateTable', {
    ...{ TableName: TABLE, ...schema },
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  })
})
afterEach(() => aws.close())

const call = (operation: string, input: object) =>
  signedAws(envOf(aws), 30_000)('dynamodb', operation, input as Record<string, unknown>)
const image = () => ({ account: aws.account, region: aws.region, repository: NAME, digest, tags: [] })
const memory = () => dynamoMemory<ImageState>(signedAws(envOf(aws), 30_000), TABLE, 60)
const tags = () => [...(aws.ecr.repository(NAME)?.images.get(digest)?.tags ?? [])].toSorted()
const run = (...argv: readonly string[]) => steward(['release', ...argv], { env: envOf(aws) })
const ours = (...argv: readonly string[]) => run(`${NAME}@${digest}`, '--table', TABLE, ...argv)

/** As push-check remembers it. */
async function remembered(): Promise<void> {
  const claim = await memory().claim(imageSubject(image()))
  const moved = ['1.4.2', 'latest'].map((tag) => ({ tag, as: `quarantine-${tag}` }))
  await claim.mark({ told: {}, events: ['push-1'], quarantine: { tags: moved, why: WHY } })
}

async function state(): Promise<ImageState | undefined> {
  const claim = await memory().claim(imageSubject(image()))
  await claim.release()
  return claim.told
}

describe('without --yes', () => {
  test('it shows what would be released, and how, and changes nothing', async () => {
    await remembered()
    const from = aws.calls.length
    const { code, out, err } = await run(`${NAME}:1.4.2`, '--table', TABLE, '--reason', "it's fine")
    expect(code).toBe(0)
    expect(out).toBe('planned\tquarantine-1.4.2\t1.4.2\t\nplanned\tquarantine-latest\tlatest\t\n')
    expect(err).toBe(
      `Nothing was changed. To release: ecr-steward release ${NAME}:1.4.2 --reason 'it'\\''s fine' --table state --yes\n`,
    )
    expect(tags()).toEqual(['quarantine-1.4.2', 'quarantine-latest'])
    const calls = aws.calls.slice(from).map(({ operation }) => operation)
    expect([...new Set(calls)].toSorted()).toEqual(['DescribeImages', 'GetCallerIdentity', 'GetItem'])
  })

  test('on a terminal it is a table with a heading', async () => {
    const { out } = await steward(['release', `${NAME}@${digest}`, '--table', TABLE], { env: envOf(aws), columns: 100 })
    expect(out).toContain(`${NAME}@${digest.slice(0, 19)}`)
    expect(stripVTControlCharacters(out)).toMatch(/to release {2}quarantine-1\.4\.2 +→ 1\.4\.2/)
  })
})

describe('with --yes', () => {
  test('tags are as they were, and it is remembered and in the journal with who and why', async () => {
    await remembered()
    const { code, out } = await ours('--yes', '--json', '--reason', 'OPS-12')
    expect(code).toBe(0)
    expect(JSON.parse(out).tags.map(({ state: ended }: { state: string }) => ended)).toEqual(['released', 'released'])
    expect(tags()).toEqual(['1.4.2', 'latest'])
    expect(await state()).toMatchObject({
      events: ['push-1'],
      quarantine: {
        tags: [],
        released: { by: expect.stringContaining('arn:aws'), reason: 'OPS-12', of: WHY, tags: ['1.4.2', 'latest'] },
      },
    })
    const { Items } = (await call('Scan', { TableName: TABLE })) as { Items: Record<string, { S: string }>[] }
    const lines = Items.filter(({ pk }) => pk?.S.startsWith('journal#'))
    expect(lines).toHaveLength(1)
    expect(lines[0]?.what?.S).toBe(`Release 1.4.2, latest of ${digest.slice(0, 19)}`)
    expect(lines[0]?.outcome?.S).toBe('released 1.4.2; released latest')
    const again = await ours('--yes')
    expect([again.code, again.err]).toEqual([2, expect.stringContaining('has nothing in quarantine')])
  })

  test('one tag alone leaves the others where they are', async () => {
    await remembered()
    expect((await ours('--tag', 'latest', '--yes')).code).toBe(0)
    expect(tags()).toEqual(['latest', 'quarantine-1.4.2'])
    expect((await state())?.quarantine).toMatchObject({ tags: [{ tag: '1.4.2' }], why: WHY })
  })

  test('a tag that names another image by now is left there, and it says so', async () => {
    await remembered()
    const other = manifestOf('other')
    push(aws, NAME, other, 1, '1.4.2')
    const { code, out } = await ours('--yes')
    expect(code).toBe(3)
    expect(out).toContain('left\tquarantine-1.4.2\t1.4.2\tthe tag names another image by now')
    expect(tags()).toEqual(['latest', 'quarantine-1.4.2'])
    expect(aws.ecr.repository(NAME)?.tagged.get('1.4.2')).toBe(other.digest)
  })

  test('what nobody remembers is read from its tags; what they do not say stays', async () => {
    const shortened = `quarantine-${'a'.repeat(117)}`
    push(aws, NAME, OURS, 2, shortened)
    const { code, out } = await ours('--yes')
    expect(code).toBe(3)
    expect(out).toContain(`left\t${shortened}\t\tits name does not say what it was`)
    expect(tags()).toEqual(['1.4.2', 'latest', shortened])
    expect((await state())?.quarantine?.released).not.toHaveProperty('of')
  })

  test('where there is no stack, nothing is remembered, and it is said', async () => {
    const { code, err } = await run(`${NAME}:quarantine-latest`, '--yes')
    expect([code, err]).toEqual([0, expect.stringContaining('No stack is deployed')])
    expect(tags()).toEqual(['1.4.2', 'latest'])
  })

  test('while push-check is at work on it, it waits for another time', async () => {
    const claim = await memory().claim(imageSubject(image()))
    const { code, err } = await ours('--yes')
    expect([code, err]).toEqual([3, expect.stringContaining('another invocation is at work on it')])
    await claim.release()
    expect(tags()).toEqual(['quarantine-1.4.2', 'quarantine-latest'])
  })
})

describe('what goes wrong', () => {
  const denied = (service: 'ecr' | 'dynamodb', operation: string) =>
    aws.faults.inject({ service, operation, times: 9, error: { code: 'AccessDeniedException' } })

  test('a denied push leaves it in quarantine, and says which permission is missing', async () => {
    await remembered()
    denied('ecr', 'PutImage')
    const { code, out, err } = await ours('--yes')
    expect(code).toBe(4)
    expect(out).toContain('failed\tquarantine-1.4.2\t1.4.2\tECR answered AccessDeniedException to PutImage')
    expect(err).toContain('not allowed: ecr:PutImage')
    expect(tags()).toEqual(['quarantine-1.4.2', 'quarantine-latest'])
  })

  test('a table that cannot be written to changes nothing', async () => {
    denied('dynamodb', 'UpdateItem')
    expect((await ours('--yes')).code).toBe(4)
    expect(tags()).toEqual(['quarantine-1.4.2', 'quarantine-latest'])
  })

  test.each([
    ['a table that is none', [`${NAME}:1.4.2`, '--table', 'a b'], 2, 'neither a name nor an ARN'],
    ['a repository', [NAME], 2, 'not an image'],
    ['a tag that is nowhere', [`${NAME}:9.9`, '--table', TABLE], 3, 'neither a tag quarantine-9.9 nor a tag 9.9'],
    [
      'a digest that is nowhere',
      [`${NAME}@sha256:${'0'.repeat(64)}`, '--table', TABLE],
      3,
      'Nothing was released: there is no image',
    ],
    ['a table that is not there', [`${NAME}:1.4.2`, '--table', 'nope'], 3, 'Nothing was changed.'],
    ['a repository that is not there', ['prod/nope:1', '--table', TABLE], 3, 'the repository is not there'],
  ])('%s is told', async (_, argv, code, text) => {
    const ended = await run(...argv)
    expect([ended.code, ended.err]).toEqual([code, expect.stringContaining(text)])
  })
})
