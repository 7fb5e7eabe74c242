import { AwsError } from '../error.ts'
import { createQueue, type Queue, type StoredQueue } from '../queue.ts'
import type { Surroundings } from '../service.ts'
import { checkAttributes, describeAttributes, type QueueAttributes, settingsOf } from './attributes.ts'

export type SqsState = {
  /** @throws AwsError QueueNameExists, InvalidAttributeName, InvalidAttributeValue */
  create(name: string, attributes?: Record<string, string>): Queue
  get(nameOrArnOrUrl: string): Queue | undefined
  list(): Queue[]
}

type Stored = { queue: StoredQueue; attributes: Record<string, string>; created: number; modified: number }

const NAME = /^[A-Za-z0-9_-]{1,80}$/

const same = (a: QueueAttributes, b: QueueAttributes): boolean =>
  Object.entries(a).every(([name, value]) => b[name] === value)

/** The queues of the account and region. */
export class Queues implements SqsState {
  readonly #queues = new Map<string, Stored>()
  readonly #around: Surroundings

  constructor(around: Surroundings) {
    this.#around = around
  }

  create(name: string, attributes: Record<string, string> = {}): StoredQueue {
    if (!NAME.test(name)) throw new AwsError('InvalidParameterValueException', nameProblem(name))
    checkAttributes(attributes, (arn) => this.get(arn) !== undefined)
    const existing = this.#queues.get(name)
    if (existing && !same(attributes, existing.attributes))
      throw new AwsError('QueueNameExists', `A queue already exists with the same name and a different value.`)
    if (existing) return existing.queue
    const { account, region, clock } = this.#around
    const queue = createQueue({
      name,
      arn: `arn:aws:sqs:${region}:${account}:${name}`,
      url: `${this.#around.url()}/${account}/${name}`,
      settings: settingsOf(attributes),
      clock,
      accountId: account,
      deadLetterQueue: (arn) => this.get(arn),
    })
    const now = Math.floor(clock.now() / 1000)
    this.#queues.set(name, { queue, attributes: { ...attributes }, created: now, modified: now })
    return queue
  }

  get(nameOrArnOrUrl: string): StoredQueue | undefined {
    return this.#queues.get(nameOrArnOrUrl.split(/[:/]/).at(-1) ?? '')?.queue
  }

  list(): StoredQueue[] {
    return [...this.#queues.values()].map(({ queue }) => queue)
  }

  /** @throws AwsError QueueDoesNotExist */
  need(nameOrArnOrUrl: string): StoredQueue {
    const queue = this.get(nameOrArnOrUrl)
    if (queue) return queue
    throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.')
  }

  /** ms on the virtual clock */
  now(): number {
    return this.#around.clock.now()
  }

  delete(url: string): void {
    this.#queues.delete(this.need(url).name)
  }

  attributes(url: string): Record<string, string> {
    const record = this.#record(url)
    return describeAttributes(record.queue, record.attributes, record)
  }

  setAttributes(url: string, attributes: Record<string, string>): void {
    const record = this.#record(url)
    checkAttributes(attributes, (arn) => this.get(arn) !== undefined)
    Object.assign(record.attributes, attributes)
    record.modified = Math.floor(this.#around.clock.now() / 1000)
    Object.assign(record.queue.settings, settingsOf(record.attributes))
  }

  #record(url: string): Stored {
    return this.#queues.get(this.need(url).name) as Stored
  }
}

const nameProblem = (name: string): string =>
  name.endsWith('.fifo')
    ? 'The local AWS has no FIFO queues yet.'
    : 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length'
