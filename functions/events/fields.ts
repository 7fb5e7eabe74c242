import * as v from 'valibot'
import type { EventHead } from '../domain/event.ts'

const words = (schema: v.GenericSchema | undefined): string =>
  schema && 'message' in schema && typeof schema.message === 'string' ? schema.message : 'an object'

/** An object with at least these fields; of a missing one, the fault says what was expected there. */
export const shape = <const E extends v.ObjectEntries>(entries: E) =>
  v.object(entries, ({ expected, path }) =>
    expected === 'Object' ? 'an object' : words(entries[String(path?.at(-1)?.key)] as v.GenericSchema | undefined),
  )

/** A string that `accepts` likes. One `custom` instead of a pipe: half the code in the bundle. */
export const text = (expected: string, accepts: (value: string) => boolean = () => true) =>
  v.custom<string>((value) => typeof value === 'string' && accepts(value), expected)

const matching = (pattern: RegExp, expected: string) => text(expected, (value) => pattern.test(value))

export const line = text('text')

/** What helps but does not identify: where it is absent or of another type, it is unknown, and the event still counts. */
export const ifAny = <S extends v.GenericSchema>(schema: S) => v.fallback(v.optional(schema), undefined)

/**
 * As OCI writes digests. Wider than ECR's 64 hexadecimal digits, because AWS's own samples carry `…EXAMPLE`.
 * @see https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests
 */
export const digest = matching(
  /^[a-z0-9]+(?:[+._-][a-z0-9]+){0,3}:[a-zA-Z0-9=_-]{1,128}$/,
  'a digest such as sha256:4aa0…',
)

/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html */
export const isRepositoryName = (value: string): boolean => /^[a-z0-9][a-z0-9._/-]{0,254}[a-z0-9]$/.test(value)

export const repository = text('a repository name', isRepositoryName)

export const isWord = (value: string): boolean => /^[\w -]{1,64}$/.test(value)

export const word = text('a word', isWord)

export const tags = v.nullish(v.array(text('a tag'), 'a list of tags'), [])

export const account = matching(/^\d{12}$/, 'a 12-digit account id')

const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/
export const time = text('an ISO 8601 instant', (value) => INSTANT.test(value) && !Number.isNaN(Date.parse(value)))

const source = { ecr: 'aws.ecr', inspector: 'aws.inspector2' } as const

/** The fields of every event, of one of the two services that speak of images. */
export const headOf = (service: keyof typeof source) => ({
  id: matching(/^[\x21-\x7e]{1,256}$/, 'an event id'),
  'detail-type': text('a detail type'),
  source: text(source[service], (value) => value === source[service]),
  account,
  time,
  region: matching(/^[a-z0-9-]{1,32}$/, 'a region'),
  resources: v.nullish(v.array(text('an ARN or id'), 'a list of ARNs'), []),
})

type Head = { id: string; 'detail-type': string; account: string; time: string; region: string }

export const toHead = (event: Head): EventHead => ({
  id: event.id,
  time: event.time,
  account: event.account,
  region: event.region,
  detailType: event['detail-type'],
})

/** The value under `keys`, or undefined: a look ahead at an event that is not checked yet. */
export const peek = (value: unknown, ...keys: readonly string[]): unknown =>
  keys.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  )
