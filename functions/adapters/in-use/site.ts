import type { RegistryRef } from '../../domain/facts/registry-facts.ts'
import { parseReference } from '../../domain/in-use/reference.ts'
import type { SourceName } from '../../domain/in-use/source-names.ts'
import type { ImageReference } from '../../domain/in-use/use.ts'
import type { AwsCall, RestCall } from '../signed-aws.ts'

/** An account and region in which images may run, with the calls of AWS there. */
export type Site = {
  readonly registry: RegistryRef
  /** Where the images come from, unless it is here. */
  readonly home?: Site
  readonly aws: AwsCall
  readonly rest: RestCall
  /** Newest revisions of a family of task definitions that count as use. */
  readonly taskDefinitions: number
  /** Images of what can never change, by its ARN: revisions of task definitions, published versions of functions. */
  readonly known: Map<string, readonly ImageReference[]>
  readonly now: () => Date
}

type Fields = Readonly<Record<string, unknown>>
type RestService = Parameters<RestCall>[0]

/**
 * What a source reads with. A call that AWS refuses throws `Refused`; whatever part of the reading is tried with `attempt`
 * goes on beside it.
 */
export type Reading = {
  readonly site: Site
  /** The same report, with the calls of where the images come from. */
  readonly home: Reading
  /** @throws {Refused} */
  call(service: Parameters<AwsCall>[0], operation: string, input: Fields): Promise<Fields>
  /** A GET, or a POST where there is an input. @param operation for telling what was refused @throws {Refused} */
  rest(service: RestService, operation: string, path: string, input?: Fields): Promise<Fields>
  /** Notes that something uses an image; what is no private image of ECR is left out. */
  use(image: string | ImageReference | undefined, by: string): void
  /** Notes that something is not known: why, and what to do. */
  gap(why: string): void
  /** Does a part of the reading; where AWS refuses, that is a gap, unless what is asked about is gone by one of these codes. */
  attempt(part: () => Promise<void>, ...gone: readonly string[]): Promise<void>
}

/** A kind of thing that runs images: a file of its own, and a line in `functions/adapters/in-use.ts`. */
export type SourceKind = {
  readonly name: SourceName
  /** @throws {Refused} */
  read(reading: Reading): Promise<void>
}

/** A list of an answer. @throws {Refused} where the answer has none: an answer that is none must not pass for "nothing runs" */
export function listOf<T>(answer: Fields, name: string, operation: string): readonly T[] {
  const list = answer[name]
  if (!Array.isArray(list))
    throw new Refused(operation, `without ${name}`, 'what answered may not be AWS: check endpoints and proxies')
  return list
}

/** AWS did not do what it was asked for. */
export class Refused extends Error {
  override readonly name = 'Refused'
  /** As IAM names it: `ecs:ListTasks`. */
  readonly operation: string
  /** As AWS spells it. */
  readonly code: string
  readonly next: string

  constructor(operation: string, code: string, next: string) {
    super(`${code} for ${operation}`)
    this.operation = operation
    this.code = code
    this.next = next
  }
}

/** The images of what names them as texts, without those of other registries. */
export const imagesOf = (texts: readonly (string | undefined)[]): readonly ImageReference[] =>
  texts.flatMap((text) => parseReference(text ?? '') ?? [])

/** The answers of an operation that lists, page by page. @param ask with the token of the page @throws {Refused} */
export async function* pages(
  ask: (token: string | undefined) => Promise<Fields>,
  tokenName: string,
): AsyncGenerator<Fields> {
  for (let token: string | undefined; ; ) {
    const page = await ask(token)
    yield page
    const next = page[tokenName]
    if (typeof next !== 'string' || next === '') return
    token = next
  }
}

export async function gathered<T>(parts: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = []
  for await (const part of parts) all.push(part)
  return all
}

/** `a?b=1&c=2`, encoded, without what is undefined. */
export const withQuery = (path: string, query: Readonly<Record<string, string | undefined>>): string => {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const text = given.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
  return text === '' ? path : `${path}?${text}`
}

/** Lists of at most `size`. */
export const chunks = <T>(all: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size))

/** Last part of an ARN or a path. */
export const lastPart = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1)
