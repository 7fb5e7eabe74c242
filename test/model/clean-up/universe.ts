import type { Pin, Use } from '../../../functions/domain/in-use/use.ts'
import type { Stored } from '../../../functions/planning/store.ts'
import { createRandom, type Random } from '../random.ts'
import { digestOf, type Image, Registry, type Repository } from './registry.ts'
import { Stepper } from './stepper.ts'

export const DAY = 24 * 3_600_000
export const START = Date.parse('2026-11-28T03:00:00Z')
export const REGISTRY = { account: '123456789012', region: 'eu-central-1' }
export const PINS: readonly Pin[] = [{ repositories: ['**'], tags: ['v*'], reason: 'released', line: 1 }]

export type Running = {
  readonly repository: string
  readonly tag?: string | undefined
  readonly digest?: string | undefined
  readonly since: number
}

/** All there is beside the clean-up, and what happens in it. */
export class Universe {
  readonly random: Random
  readonly clock = { at: START, step: 0 }
  readonly registry: Registry
  readonly stepper = new Stepper()
  readonly files = new Map<string, Stored>()
  running: Running[] = []
  isComplete = true
  /** Whether the stop switch is on. */
  readonly violations: string[] = []
  /** Races that cannot be won, by what they are, and how often they came up. */
  readonly windows: Record<string, number> = {}
  isWiped = false
  /** Share of calls that something happens to. */
  faults = 0
  #tags = 0
  #writes = 0

  constructor(seed: number) {
    this.random = createRandom(seed)
    this.registry = new Registry(this.clock)
  }

  write(key: string, text: string): void {
    this.#writes += 1
    this.files.set(key, { text, version: String(this.#writes) })
  }

  violate(what: string): void {
    this.violations.push(`step ${this.clock.step}: ${what}`)
  }

  window(what: string): void {
    this.windows[what] = (this.windows[what] ?? 0) + 1
  }

  newTag(): string {
    this.#tags += 1
    return this.random.chance(0.1) ? `v${this.#tags}` : `t${this.#tags}`
  }

  repository(): Repository | undefined {
    const all = [...this.registry.repositories.values()]
    return all.length === 0 ? undefined : this.random.pick(all)
  }

  /** Two repositories, with images, indexes, referrers, signatures; most of them old. */
  fill(): void {
    const { random, registry } = this
    for (const name of random.chance(0.5) ? ['ci/app', 'ci/web'] : ['ci/app']) {
      const repository = registry.create(name)
      for (let count = 2 + random.int(5); count > 0; count--) this.#pushSomething(repository)
    }
    for (const repository of registry.repositories.values())
      for (const image of repository.images.values()) {
        image.pushedAt = START - (random.chance(0.9) ? 2 + random.int(90) : random.next()) * DAY
        if (random.chance(0.3)) image.pulledAt = image.pushedAt + random.int(DAY)
        if (random.chance(0.08)) image.status = 'ARCHIVED'
      }
    for (let count = random.int(3); count > 0; count--) this.startSomething()
  }

  #pushSomething(repository: Repository): void {
    const { random, registry } = this
    const there = [...repository.images.values()]
    const kind = random.next()
    let image: Image
    if (kind < 0.25 && there.length > 0)
      image = registry.push(repository, { children: random.some(there, 0.5).map(({ digest }) => digest) })
    else if (kind < 0.33 && there.length > 0) image = registry.push(repository, { subject: random.pick(there).digest })
    else image = registry.push(repository, {})
    if (kind > 0.88 && there.length > 0) {
      const tag = `${random.pick(there).digest.replace(':', '-')}.sig`
      if (!repository.tags.has(tag)) registry.setTag(repository, image, tag)
      return
    }
    const tags = random.chance(0.02) ? 98 + random.int(60) : random.int(3)
    for (let count = tags; count > 0; count--) registry.setTag(repository, image, this.newTag())
  }

  startSomething(): void {
    const repository = this.repository()
    const images = [...(repository?.images.values() ?? [])]
    if (!repository || images.length === 0) return
    const image = this.random.pick(images)
    const tags = [...image.tags]
    const byTag = tags.length > 0 && this.random.chance(0.5)
    const named = byTag ? { tag: this.random.pick(tags) } : { digest: image.digest }
    this.running.push({ repository: repository.name, ...named, since: this.clock.step })
  }

  uses(): readonly Use[] {
    return this.running.map(({ repository, tag, digest }, index) => ({
      image: { ...REGISTRY, repository, tag, digest },
      by: `task ${index}`,
    }))
  }

  /** Something that has nothing to do with the clean-up happens. */
  happen(): void {
    const { random, registry, clock } = this
    const repository = this.repository()
    const images = [...(repository?.images.values() ?? [])]
    const image = images.length > 0 ? random.pick(images) : undefined
    const tag = [...(repository?.tags.keys() ?? [])]
    const kind = random.int(100)
    if (kind < 10) this.startSomething()
    else if (kind < 14 && this.running.length > 0) this.running.splice(random.int(this.running.length), 1)
    else if (kind < 16) this.isComplete = !this.isComplete
    else if (kind < 18) this.#toggleStop()
    else if (!repository) return
    else if (kind < 26) this.#pushSomething(repository)
    else if (!image) return
    else if (kind < 42)
      this.#tag(repository, image, tag.length > 0 && random.chance(0.6) ? random.pick(tag) : this.newTag())
    else if (kind < 52) [image.pulledAt, image.pulledStep] = [clock.at, clock.step]
    else if (kind < 62 && tag.length > 0) registry.removeOne(repository, this.#idOf(repository, random.pick(tag)))
    else if (kind < 72) registry.removeOne(repository, { digest: image.digest })
    else if (kind < 78) this.#changeStatus(image)
    else if (kind < 80 && random.chance(0.2)) registry.repositories.delete(repository.name)
    else if (kind < 86) this.#pushAgain(repository)
    else this.#pushSomething(repository)
  }

  /** It takes a push, which brings an image out of the archive. */
  #tag(repository: Repository, image: Image, tag: string): void {
    if (image.status === 'ARCHIVED') this.#changeStatus(image)
    this.registry.setTag(repository, image, tag)
  }

  /** Somebody pushes just the tag that a removal has taken. */
  tagAnew(name: string, tag: string): void {
    const repository = this.registry.repositories.get(name)
    const images = [...(repository?.images.values() ?? [])]
    if (repository && images.length > 0) this.#tag(repository, this.random.pick(images), tag)
  }

  #idOf(repository: Repository, tag: string) {
    return { digest: repository.tags.get(tag) ?? digestOf(0), tag }
  }

  #changeStatus(image: Image): void {
    image.status = image.status === 'ACTIVE' ? 'ARCHIVED' : 'ACTIVE'
    image.statusStep = this.clock.step
  }

  /** Somebody pushes what was there before: its children have to be there. */
  #pushAgain(repository: Repository): void {
    const { registry, random } = this
    const gone = [...registry.known].filter(
      ([digest, { children = [] }]) =>
        !repository.images.has(digest) && children.every((child) => repository.images.has(child)),
    )
    if (gone.length === 0) return
    const [digest] = random.pick(gone)
    const image = registry.push(repository, { digest })
    if (random.chance(0.5)) registry.setTag(repository, image, this.newTag())
  }

  #toggleStop(): void {
    if (this.files.has('stop.json')) this.files.delete('stop.json')
    else
      this.write(
        'stop.json',
        JSON.stringify({ reason: 'incident', by: 'alice', at: new Date(this.clock.at).toISOString() }),
      )
  }

  /** Every present index has all its children: at every step. */
  checkGraph(): void {
    for (const { name, images } of this.registry.repositories.values())
      for (const { digest, children = [] } of images.values())
        for (const child of children)
          if (!images.has(child)) this.violate(`I7: index ${digest} of ${name} has lost its child ${child}`)
  }
}
