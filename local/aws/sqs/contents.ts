import { randomUUID } from 'node:crypto'
import { AwsError } from '../error.ts'
import { Heap } from '../heap.ts'
import type { Entry, QueueMessage, QueueParts, SendOptions } from '../queue.ts'
import { md5 } from './md5.ts'

type Place = { at: number; order: number; version: number; entry: Entry }

const earlier = (a: Place, b: Place): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)
const isCurrent = ({ entry, version }: Place): boolean => entry.version === version && entry.state !== 'gone'

/** The messages of one queue and where each stands: ready, hidden until an instant, or gone. */
export class Contents {
  readonly #parts: QueueParts
  readonly #entries = new Map<string, Entry>()
  readonly #ready = new Heap<Place>(earlier)
  readonly #hidden = new Heap<Place>(earlier)
  readonly #ages = new Heap<Place>(earlier)
  #visible = 0
  #order = 0
  readonly #waiting = new Set<() => void>()

  constructor(parts: QueueParts) {
    this.#parts = parts
  }

  send(body: string, options: SendOptions = {}): string {
    const now = this.#parts.clock.now()
    const entry: Entry = {
      id: randomUUID(),
      body,
      md5OfBody: md5(body),
      messageAttributes: options.messageAttributes ?? {},
      systemAttributes: options.systemAttributes ?? {},
      sentAt: now,
      receiveCount: 0,
      visibleAt: now + (options.delaySeconds ?? this.#parts.settings.delaySeconds) * 1000,
      version: 0,
      state: 'hidden',
    }
    this.accept(entry)
    return entry.id
  }

  accept(entry: Entry): void {
    this.#entries.set(entry.id, entry)
    this.#ages.push({ at: entry.sentAt, order: this.#order++, version: 0, entry })
    this.#hide(entry, entry.visibleAt)
    for (const wake of [...this.#waiting]) wake()
  }

  receive(max: number, visibilitySeconds: number): QueueMessage[] {
    this.#settle()
    const received: QueueMessage[] = []
    for (let place = this.#ready.peek(); received.length < max && place; place = this.#ready.peek()) {
      this.#ready.pop()
      if (!isCurrent(place)) continue
      const { entry } = place
      if (this.#redrive(entry)) continue
      entry.receiveCount += 1
      entry.firstReceivedAt ??= this.#parts.clock.now()
      this.#leaveReady(entry)
      this.#hide(entry, this.#parts.clock.now() + visibilitySeconds * 1000)
      received.push(this.#view(entry))
    }
    // A visibility timeout of zero makes a message visible at once, yet never twice in one answer.
    return received
  }

  delete(receiptHandle: string): void {
    const entry = this.#held(receiptHandle)
    if (entry) this.#remove(entry)
  }

  changeVisibility(receiptHandle: string, seconds: number): void {
    this.#settle()
    const entry = this.#held(receiptHandle)
    if (entry?.state !== 'hidden')
      throw new AwsError('MessageNotInflight', 'The specified message is not in flight, so its timeout cannot change.')
    this.#hide(entry, this.#parts.clock.now() + seconds * 1000)
  }

  nextVisibleAt(): number | undefined {
    this.#settle()
    if (this.#visible > 0) return this.#parts.clock.now()
    return this.#hidden.peek()?.at
  }

  depth(): { visible: number; hidden: number } {
    this.#settle()
    return { visible: this.#visible, hidden: this.#entries.size - this.#visible }
  }

  delayed(): number {
    this.#settle()
    let count = 0
    for (const { state, receiveCount } of this.#entries.values()) if (state === 'hidden' && receiveCount === 0) count++
    return count
  }

  peek(): readonly QueueMessage[] {
    this.#settle()
    return [...this.#entries.values()].map((entry) => this.#view(entry))
  }

  purge(): void {
    for (const entry of [...this.#entries.values()]) this.#remove(entry)
  }

  arrival(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer)
        this.#waiting.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, ms)
      this.#waiting.add(wake)
    })
  }

  /** Lets time take effect: expired messages go, hidden ones whose time has come become visible. */
  #settle(): void {
    const now = this.#parts.clock.now()
    const oldest = now - this.#parts.settings.retentionSeconds * 1000
    for (let age = this.#ages.peek(); age && (age.entry.state === 'gone' || age.at < oldest); age = this.#ages.peek()) {
      this.#ages.pop()
      this.#remove(age.entry)
    }
    for (
      let place = this.#hidden.peek();
      place && (place.at <= now || !isCurrent(place));
      place = this.#hidden.peek()
    ) {
      this.#hidden.pop()
      if (isCurrent(place)) this.#show(place.entry)
    }
  }

  #hide(entry: Entry, visibleAt: number): void {
    entry.state = 'hidden'
    entry.visibleAt = visibleAt
    entry.version += 1
    this.#hidden.push({ at: visibleAt, order: this.#order++, version: entry.version, entry })
  }

  #show(entry: Entry): void {
    entry.state = 'ready'
    entry.version += 1
    this.#visible += 1
    this.#ready.push({ at: entry.visibleAt, order: this.#order++, version: entry.version, entry })
  }

  #leaveReady(entry: Entry): void {
    if (entry.state === 'ready') this.#visible -= 1
  }

  #remove(entry: Entry): void {
    if (!this.#entries.delete(entry.id)) return
    this.#leaveReady(entry)
    entry.state = 'gone'
  }

  /** Moves a message that was received too often; it keeps its id and its age, as on AWS. */
  #redrive(entry: Entry): boolean {
    const { redrive } = this.#parts.settings
    if (!redrive || entry.receiveCount < redrive.maxReceiveCount) return false
    const target = this.#parts.deadLetterQueue(redrive.deadLetterTargetArn)
    if (!target) return false
    this.#remove(entry)
    const systemAttributes = { ...entry.systemAttributes, DeadLetterQueueSourceArn: this.#parts.arn }
    target.accept({ ...entry, systemAttributes, visibleAt: this.#parts.clock.now(), version: 0, state: 'hidden' })
    return true
  }

  /** The message of the newest handle; `undefined` when it is gone or was received again since. */
  #held(receiptHandle: string): Entry | undefined {
    const [mark, id, count] = Buffer.from(receiptHandle, 'base64').toString('utf8').split(' ')
    if (mark !== this.#parts.name || id === undefined)
      throw new AwsError('ReceiptHandleIsInvalid', `The input receipt handle "${receiptHandle}" is not valid.`, 404)
    const entry = this.#entries.get(id)
    return entry && String(entry.receiveCount) === count ? entry : undefined
  }

  #view(entry: Entry): QueueMessage {
    const { name, accountId } = this.#parts
    return {
      messageId: entry.id,
      receiptHandle: Buffer.from(`${name} ${entry.id} ${entry.receiveCount}`).toString('base64'),
      body: entry.body,
      md5OfBody: entry.md5OfBody,
      messageAttributes: entry.messageAttributes,
      attributes: {
        ...entry.systemAttributes,
        SenderId: accountId,
        SentTimestamp: String(entry.sentAt),
        ApproximateReceiveCount: String(entry.receiveCount),
        ...(entry.firstReceivedAt !== undefined && {
          ApproximateFirstReceiveTimestamp: String(entry.firstReceivedAt),
        }),
      },
    }
  }
}
