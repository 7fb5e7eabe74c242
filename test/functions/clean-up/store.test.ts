import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { folderStore } from '../../../cli/clean-up/folder-store.ts'
import { s3Store } from '../../../functions/adapters/s3-store.ts'
import { AwsError } from '../../../functions/adapters/signed-aws.ts'
import { Unreadable } from '../../../functions/faults.ts'
import { createBucket } from './bucket.ts'

const folders: string[] = []
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'steward-store-'))
  folders.push(made)
  return made
}
afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true })
})

const STORES = {
  'a folder': () => folderStore(folder()),
  'a folder that is not there yet': () => folderStore(join(folder(), 'deep', 'er')),
  'a bucket': () => s3Store(createBucket().send, 'bucket', 'clean-up/123456789012/eu-central-1'),
  'the root of a bucket': () => s3Store(createBucket().send, 'bucket', ''),
}

for (const [name, make] of Object.entries(STORES)) {
  test(`${name}: what is created is read, and never created twice`, async () => {
    const store = make()
    expect(await store.read('lease.json')).toBeUndefined()
    expect(await store.create('lease.json', 'one')).toBe(true)
    expect(await store.create('lease.json', 'two')).toBe(false)
    expect((await store.read('lease.json'))?.text).toBe('one')
  })

  test(`${name}: it is replaced and removed only as the version that was read`, async () => {
    const store = make()
    await store.create('lease.json', 'one')
    const first = (await store.read('lease.json'))?.version ?? ''
    expect(await store.replace('lease.json', 'two', first)).toBe(true)
    expect(await store.replace('lease.json', 'three', first)).toBe(false)
    expect(await store.remove('lease.json', first)).toBe(false)
    const second = await store.read('lease.json')
    expect(second?.text).toBe('two')
    expect(await store.remove('lease.json', second?.version ?? '')).toBe(true)
    expect(await store.read('lease.json')).toBeUndefined()
    expect(await store.remove('lease.json', second?.version ?? '')).toBe(true)
    expect(await store.replace('lease.json', 'four', second?.version ?? '')).toBe(false)
    expect(await store.create('lease.json', 'five')).toBe(true)
    expect((await store.read('lease.json'))?.text).toBe('five')
  })

  test(`${name}: keys are listed in their order, of a prefix alone, however many`, async () => {
    const store = make()
    for (const key of [
      'journal/b/0002-intent.json',
      'journal/a/0001-intent.json',
      'plans/a.json',
      'journal/b/0001-intent.json',
    ])
      await store.create(key, '{}')
    await store.create('gone.json', '{}')
    await store.remove('gone.json', (await store.read('gone.json'))?.version ?? '')
    expect(await store.list('journal/')).toEqual([
      'journal/a/0001-intent.json',
      'journal/b/0001-intent.json',
      'journal/b/0002-intent.json',
    ])
    expect(await store.list('journal/b/0002')).toEqual(['journal/b/0002-intent.json'])
    expect(await store.list('')).toHaveLength(4)
    expect(await store.list('nothing/')).toEqual([])
  })

  test(`${name}: of many who create, replace or remove at once, one does`, async () => {
    const store = make()
    const texts = Array.from({ length: 12 }, (_, index) => `text ${index}`)
    const created = await Promise.all(texts.map((text) => store.create('key.json', text)))
    expect(created.filter(Boolean)).toHaveLength(1)
    for (let round = 0; round < 5; round++) {
      const { text, version } = (await store.read('key.json')) ?? { text: '', version: '' }
      if (round === 0) expect(text).toBe(texts[created.indexOf(true)])
      const replaced = await Promise.all(texts.map((each) => store.replace('key.json', `${each} of ${round}`, version)))
      expect(replaced.filter(Boolean)).toHaveLength(1)
      expect((await store.read('key.json'))?.text).toBe(`${texts[replaced.indexOf(true)]} of ${round}`)
    }
  })
}

test('a write to S3 whose answer is lost is done, and is told from one of somebody else', async () => {
  const { send, losses } = createBucket()
  const store = s3Store(send, 'bucket', 'p')
  losses.push('answer')
  expect(await store.create('a.json', 'mine')).toBe(true)
  losses.push('answer')
  expect(await store.create('a.json', 'yours')).toBe(false)
  losses.push('request')
  expect(await store.create('b.json', 'mine')).toBe(true)
  const { version } = (await store.read('a.json')) ?? { version: '' }
  losses.push('answer')
  expect(await store.replace('a.json', 'newer', version)).toBe(true)
  const newer = (await store.read('a.json'))?.version ?? ''
  losses.push('answer')
  expect(await store.remove('a.json', newer)).toBe(true)
})

test('keys and buckets are escaped as signatures have it', async () => {
  const { send, requests, objects } = createBucket()
  const store = s3Store(send, 'bucket', 'team a/(1)')
  await store.create('k&y.json', 'x')
  expect(requests[0]?.path).toBe('/bucket/team%20a/%281%29/k%26y.json')
  expect([...objects.keys()]).toEqual(['team a/(1)/k&y.json'])
  expect(await store.list('')).toEqual(['k&y.json'])
  expect(store.name).toBe('s3://bucket/team a/(1)')
  expect(s3Store(send, 'bucket', '').name).toBe('s3://bucket')
})

test('what S3 refuses or cannot answer is unreadable, naming the operation', async () => {
  const refusing = s3Store(() => Promise.reject(new AwsError('AccessDenied', false)), 'bucket', 'p')
  const calls = [
    ['GetObject', () => refusing.read('k')],
    ['PutObject', () => refusing.create('k', 'x')],
    ['PutObject', () => refusing.replace('k', 'x', 'v')],
    ['DeleteObject', () => refusing.remove('k', 'v')],
    ['ListObjectsV2', () => refusing.list('')],
  ] as const
  for (const [operation, call] of calls)
    await expect(call()).rejects.toThrow(new Unreadable(`S3 answered AccessDenied to ${operation}`, true, undefined))
  const odd = s3Store(async () => ({ status: 200, headers: {}, body: '<html>' }), 'bucket', 'p')
  await expect(odd.list('')).rejects.toThrow('without a list')
  const broken = s3Store(() => Promise.reject(new TypeError('a fault of ours')), 'bucket', 'p')
  await expect(broken.create('k', 'x')).rejects.toThrow(TypeError)
})

test('what is no bucket is unreadable to who creates something, not a race that somebody else won', async () => {
  const nowhere = s3Store(() => Promise.reject(new AwsError('HTTP 404', false)), 'bucket', 'p')
  await expect(nowhere.create('k', 'x')).rejects.toThrow('S3 answered HTTP 404 to PutObject')
  expect(await nowhere.replace('k', 'x', 'v')).toBe(false)
})

test('files are for their owner alone, and older writes are cleared away', async () => {
  const root = folder()
  const store = folderStore(root)
  await store.create('journal/p/lease.json', '0')
  for (let round = 1; round < 6; round++)
    await store.replace(
      'journal/p/lease.json',
      String(round),
      (await store.read('journal/p/lease.json'))?.version ?? '',
    )
  expect(readdirSync(join(root, 'journal/p')).toSorted()).toEqual(['lease.json~5', 'lease.json~6'])
  if (process.platform !== 'win32') expect(statSync(join(root, 'journal/p/lease.json~6')).mode & 0o777).toBe(0o600)
})

test('a writer that slept through several writes does not win over them', async () => {
  const root = folder()
  const store = folderStore(root)
  await store.create('k', 'one')
  const slept = (await store.read('k'))?.version ?? ''
  for (const text of ['two', 'three', 'four']) await store.replace('k', text, (await store.read('k'))?.version ?? '')
  expect(await store.replace('k', 'late', slept)).toBe(false)
  // As if it had looked before the others wrote: its number is free again, and is not the last.
  writeFileSync(join(root, 'k~2'), 'late')
  expect((await store.read('k'))?.text).toBe('four')
})

test('a folder that cannot be used is unreadable, with the reason of the system', async () => {
  const root = folder()
  writeFileSync(join(root, 'file'), 'x')
  const store = folderStore(join(root, 'file'))
  await expect(store.read('k')).rejects.toThrow(Unreadable)
  await expect(store.create('k', 'x')).rejects.toThrow(/ENOTDIR|EEXIST/)
  await expect(store.list('')).rejects.toThrow(Unreadable)
  chmodSync(root, 0o700)
})
