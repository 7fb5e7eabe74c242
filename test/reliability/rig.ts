import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach } from 'vitest'
import type { StewardConfig } from '../../config/load.ts'
import { parseConfig } from '../../config/parse.ts'
import type { Alert } from '../../functions/domain/alert.ts'
import type { Outcome } from '../../functions/outcome.ts'
import { stewardApp } from '../../infra/steward-app.ts'
import { ensureAssembly } from '../../local/assembly.ts'
import type { Queue, QueueSettings } from '../../local/aws/queue.ts'
import { localConfig } from '../../local/config.ts'
import { imageManifest } from '../../local/seed/manifests.ts'
import type { Received, SlackAnswer } from '../../local/slack/sink.ts'
import { startWorld, type World } from '../../local/world.ts'
import { type Flaw, findingEvent, scanEvent, type TestImage, toEnhanced } from './events.ts'

const ROOT = join(import.meta.dirname, '../..')
const START = Date.parse('2026-11-24T00:00:00Z')

/** The whole local run with words for what happens in a registry, and for what people were told. */
export class Rig {
  readonly world: World
  readonly outcomes: (Outcome & { readonly function: string })[] = []
  #images = 0
  #channels = 0
  #next: { readonly name: string; readonly then: () => void } | undefined

  constructor(world: World) {
    this.world = world
    world.cloud.onInvocation(({ function: name, logs }) => {
      for (const { message } of logs)
        if (typeof message === 'object' && message !== null && 'outcome' in message)
          this.outcomes.push({ ...(message as Outcome), function: name })
      this.#turn(name)
    })
  }

  get now(): number {
    return this.world.aws.clock.now()
  }

  /** Pushes an image into a repository of its own; `found` is what ECR says of it. */
  image(found: readonly Flaw[] = [], tags: readonly string[] = ['1.0.0']): TestImage {
    const repository = `reliability/image-${String(++this.#images).padStart(4, '0')}`
    const manifest = imageManifest({ layers: ['debian', repository], created: new Date(this.now).toISOString() })
    const { ecr } = this.world.aws
    ecr.createRepository({ repositoryName: repository })
    const pushed = { repositoryName: repository, imageManifest: manifest.text, pushedAt: new Date(this.now) }
    for (const imageTag of tags) ecr.putImage({ ...pushed, imageManifestMediaType: manifest.mediaType, imageTag })
    const image = { repository, digest: manifest.digest, tags }
    this.shows(image, found)
    return image
  }

  /** What ECR says of an image from now on. */
  shows({ repository, digest }: TestImage, found: readonly Flaw[], status = 'ACTIVE'): void {
    this.world.aws.ecr.putScan(repository, digest, {
      status: { status },
      completedAt: new Date(this.now),
      ...(status === 'ACTIVE' ? { enhancedFindings: found.map(toEnhanced) } : {}),
    })
  }

  /** The end of a scan, now unless `at` (ms) says otherwise. */
  scan(image: TestImage, found: readonly Flaw[], { at = this.now, status = 'INITIAL_SCAN_COMPLETE' } = {}): object {
    return scanEvent(image, found, { at, status })
  }

  finding(image: TestImage, flaw: Flaw): object {
    return findingEvent(image, flaw, this.now)
  }

  /** Puts all events on the bus at once. */
  put(...events: readonly object[]): void {
    for (const event of events) this.world.cloud.put(event)
  }

  /** Puts events on the bus, and lets everything come to rest. */
  async happens(...events: readonly object[]): Promise<void> {
    this.put(...events)
    await this.world.cloud.settle()
  }

  /** Does something once, when the next invocation of a function has ended. */
  afterNext(name: string, then: () => void): void {
    this.#next = { name, then }
  }

  #turn(name: string): void {
    if (this.#next?.name !== name) return
    const { then } = this.#next
    this.#next = undefined
    then()
  }

  wait(seconds: number): void {
    this.world.aws.clock.advanceTo(this.now + seconds * 1_000)
  }

  /** Alerts that were published about an image, repeated ones too. */
  published({ repository }: TestImage): Alert[] {
    const all = this.world.aws.sns.published().map(({ message }): Alert => JSON.parse(JSON.parse(message).default))
    return all.filter(({ subject }) => subject.repository === repository)
  }

  /** Ids of the findings that alerts about an image named. */
  named(image: TestImage): Set<string> {
    return new Set(this.published(image).flatMap(({ items }) => items.map(({ id }) => id)))
  }

  /** Messages about an image that Slack took. */
  messages({ repository }: TestImage): Received[] {
    return this.world.slack
      .received()
      .filter(({ status, payload }) => status === 200 && JSON.stringify(payload).includes(repository))
  }

  /** Dead letters, by queue. */
  dead(): Record<string, number> {
    return Object.fromEntries(this.world.cloud.deadLetters().map(({ queue, messages }) => [queue, messages.length]))
  }

  /** What a function said, in the order in which it said it. */
  said(name: string): string[] {
    return this.outcomes.filter((one) => one.function === name).map(({ outcome }) => outcome)
  }

  /** As a person redrives: every dead letter goes back to where it came from. */
  redrive(): number {
    const { sqs } = this.world.aws
    let moved = 0
    for (const queue of sqs.list()) {
      const dead = sqs.get(this.deadLettersOf(queue))
      for (let got = dead?.receive(10) ?? []; got.length > 0; got = dead?.receive(10) ?? [])
        for (const message of got) {
          queue.send(message.body, { messageAttributes: message.messageAttributes })
          dead?.delete(message.receiptHandle)
          moved += 1
        }
    }
    return moved
  }

  /** ARN of the dead-letter queue; empty where there is none. */
  private deadLettersOf(queue: Queue): string {
    const { redrive } = 'settings' in queue ? (queue.settings as QueueSettings) : {}
    return redrive?.deadLetterTargetArn ?? ''
  }

  /** A Slack channel that nothing was posted to yet; its webhook is read before the next post. */
  channel(): string {
    const { aws, slack } = this.world
    const name = `channel-${++this.#channels}`
    for (const secret of aws.secrets.names()) aws.secrets.put(secret, slack.webhook(name))
    this.wait(16 * 60)
    return name
  }

  /** Slack answers every post to the channel so, as long as `until` says so when one has come. */
  refuses(channel: string, answer: SlackAnswer, until: () => boolean): void {
    const { slack } = this.world
    slack.respondWith(channel, answer)
    const stop = slack.onMessage((message) => {
      if (message.channel !== channel) return
      if (until()) slack.respondWith(channel, answer)
      else stop()
    })
  }

  /** Takes away what one test left for the next. */
  clear(): void {
    this.world.aws.faults.clear()
    this.outcomes.length = 0
    for (const { queue } of this.world.cloud.deadLetters()) this.purge(queue)
  }

  private purge(name: string): void {
    const queue = this.world.aws.sqs.get(name)
    for (let got = queue?.receive(10) ?? []; got.length > 0; got = queue?.receive(10) ?? [])
      for (const { receiptHandle } of got) queue?.delete(receiptHandle)
  }
}

/** The stack as it is with another configuration, in a folder that is there until the tests of the file are over. */
function synthesise(config: StewardConfig): string {
  const folder = mkdtempSync(join(tmpdir(), 'steward-reliability-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  stewardApp(config, folder).app.synth()
  return folder
}

function configOf(yaml: string, policy: string): StewardConfig {
  const parsed = parseConfig(yaml, 'steward.yaml', new Date(START), () => ({ text: policy }))
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  return parsed.config
}

export type RigOptions = {
  /** In place of the shipped `steward.yaml`. */
  readonly yaml?: string
  /** Text of whatever policy file it names. */
  readonly policy?: string
  /** Whether calls of ECR are announced on the bus, as AWS does. */
  readonly announces?: boolean
}

/**
 * The synthesised stack on the emulated AWS, with the shipped configuration unless told otherwise: one for the tests of a
 * file, cleared after each of them.
 */
export async function useRig({ yaml, policy = '', announces = false }: RigOptions = {}): Promise<Rig> {
  const config = yaml === undefined ? localConfig(ROOT, () => {}) : configOf(yaml, policy)
  const assembly = yaml === undefined ? (await ensureAssembly(ROOT)).folder : synthesise(config)
  const rig = new Rig(await startWorld({ assembly, config, start: START, announces }))
  afterEach(() => rig.clear())
  afterAll(() => rig.world.close())
  return rig
}

/** The same order for the same seed. */
export function shuffled<T>(values: readonly T[], seed: number): T[] {
  const rank = (index: number): string => createHash('sha256').update(`${seed} ${index}`).digest('hex')
  return values
    .map((value, index) => ({ value, rank: rank(index) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ value }) => value)
}
