import { applyPlan } from '../../../functions/clean-up/apply.ts'
import { readJournal } from '../../../functions/clean-up/journal.ts'
import { LEASE, LeaseTaken, SKEW } from '../../../functions/clean-up/lease.ts'
import { undoPlan } from '../../../functions/clean-up/undo.ts'
import type { ApplyReport } from '../../../functions/domain/clean-up/outcome.ts'
import type { Plan, PlanItem } from '../../../functions/domain/clean-up/plan.ts'
import { PlanError } from '../../../functions/domain/clean-up/plan-error.ts'
import { Unreadable } from '../../../functions/faults.ts'
import { createPorts, Deeds, type Removed } from './ports.ts'
import type { Image } from './registry.ts'
import { type Actor, type Fate, settled } from './stepper.ts'
import { DAY, REGISTRY, Universe } from './universe.ts'

const ISO = (ms: number): string => new Date(ms).toISOString()

const itemOf = (image: Image, action: PlanItem['action']): PlanItem => ({
  ...{
    repository: image.repository,
    digest: image.digest,
    tags: [...image.tags],
    action,
    isIndex: image.children !== undefined,
  },
  ...{ policy: 'ci.json', rule: 1, reason: 'older than 14 days', pushedAt: ISO(image.pushedAt) },
  ...{ pulledAt: image.pulledAt === undefined ? null : ISO(image.pulledAt), status: image.status, sizeBytes: 1_000 },
})

/** A plan that a careless planner made: also of what must not go, in any order, and at times more than its own limits. */
function makePlan(universe: Universe, id: string): Plan {
  const { random, registry, clock } = universe
  const images = [...registry.repositories.values()].flatMap((repository) => [...repository.images.values()])
  const chosen = random.some(images, 0.3 + 0.6 * random.next())
  const items = chosen.map((image) =>
    itemOf(image, image.status === 'ACTIVE' && random.chance(0.15) ? 'archive' : 'delete'),
  )
  const population = Object.fromEntries(
    [...registry.repositories.values()].map(({ name, images: all }) => [name, all.size]),
  )
  const isTight = random.chance(0.15)
  const none = { images: 0, bytes: 0, dollarsPerMonth: 0 }
  return {
    ...{ version: 1, id, ...REGISTRY, createdAt: ISO(clock.at), expiresAt: ISO(clock.at + DAY) },
    atMost: {
      images: isTight ? 1 + random.int(3) : 500,
      shareOfRepository: isTight ? random.next() : 1,
      shareOfRegistry: isTight && random.chance(0.5) ? random.next() : 1,
    },
    ...{
      population,
      // Of two, as if they went together.
      ...(isTight && { oldest: Object.fromEntries(Object.keys(population).map((name) => [name, 2])) }),
      inventory: { at: ISO(clock.at), sources: [] },
      items: random.chance(0.5) ? items : items.toReversed(),
    },
    ...{ protected: [], blocked: [], heldBack: [], totals: { delete: none, archive: none } },
    hash: 'ab'.repeat(32),
  }
}

/** What happened, for whoever counts. */
export type Told = {
  readonly violations: readonly string[]
  readonly windows: Readonly<Record<string, number>>
  readonly trace: readonly string[]
  readonly deletions: number
  readonly archivings: number
  readonly crashes: number
  readonly steps: number
}

type Run = { readonly actor: Actor; readonly plan: Plan; isOver: boolean; report?: ApplyReport | undefined }

class Scenario {
  readonly universe: Universe
  readonly deeds = new Deeds()
  readonly plans: Plan[] = []
  readonly plannedAt = new Map<Plan, number>()
  readonly runs: Run[] = []
  crashes = 0
  #names = 0
  #roughFaults = 0

  constructor(seed: number) {
    this.universe = new Universe(seed)
    this.universe.fill()
  }

  #plan(id: string): void {
    const plan = makePlan(this.universe, id)
    this.plans.push(plan)
    this.plannedAt.set(plan, this.universe.clock.step)
  }

  #act<T>(
    plan: Plan,
    work: (ports: ReturnType<typeof createPorts>) => Promise<T>,
  ): Run & { result?: T; error?: unknown } {
    this.#names += 1
    const actor: Actor = { name: `run-${this.#names}`, isDead: false }
    const run: Run & { result?: T; error?: unknown } = { actor, plan, isOver: false }
    work(
      createPorts({
        universe: this.universe,
        actor,
        plan,
        plannedAt: this.plannedAt.get(plan) ?? 0,
        deeds: this.deeds,
      }),
    ).then(
      (result) => Object.assign(run, { isOver: true, result }),
      (error) => Object.assign(run, { isOver: true, error }),
    )
    this.runs.push(run)
    return run
  }

  apply(plan: Plan) {
    return this.#act(plan, (ports) => applyPlan(plan, ports))
  }

  undo(plan: Plan) {
    return this.#act(plan, (ports) => undoPlan(plan.id, ports))
  }

  get alive(): readonly Run[] {
    return this.runs.filter(({ isOver, actor }) => !isOver && !actor.isDead)
  }

  #fate(name: string): Fate {
    const { random, faults } = this.universe
    if (!random.chance(faults)) return 'done'
    const kind = random.next()
    if (kind < 0.3) return 'refused'
    if (kind < 0.6)
      return /^(?:images|repository-policy|describe|children|manifests|named|read|list|inventory)/.test(name)
        ? 'refused'
        : 'lost'
    return kind < 0.8 ? 'crash-before' : 'crash-after'
  }

  async step(): Promise<void> {
    const { universe } = this
    const { random, clock, stepper } = universe
    clock.step += 1
    const isUnderWay = stepper.waiting.some(({ name }) => /^(?:remove|archive|put|activate)/.test(name))
    clock.at += random.int(400)
    if (!isUnderWay && this.isRough && random.chance(0.02))
      clock.at += random.pick([20_000, 50_000, 90_000, 6 * 60_000, 11 * 60_000, 25 * 3_600_000])
    const pending = stepper.pick(random)
    const before = this.alive.length
    stepper.let(pending, this.#fate(pending.name))
    this.crashes += before - this.alive.length
    universe.checkGraph()
    await settled()
  }

  isRough = true

  /** Crashes, races, lost answers, lost state; runs are started again and again, two of them at times. */
  async rough(): Promise<void> {
    const { universe } = this
    const { random, clock } = universe
    universe.faults = random.pick([0, 0.01, 0.03, 0.1, 0.2])
    this.#roughFaults = universe.faults
    const events = random.pick([0, 0.03, 0.1, 0.3])
    const losses = random.chance(0.15) ? 0.01 : 0
    this.#plan('plan-000a')
    for (let restarts = 1 + random.int(4); restarts > 0; restarts--) {
      this.apply(random.pick(this.plans))
      await settled()
      const second = random.chance(0.35) ? random.int(40) : -1
      for (let steps = 0; this.alive.length > 0 && steps < 800; steps++) {
        if (steps === second) {
          this.apply(random.pick(this.plans))
          await settled()
        }
        if (random.chance(events)) universe.happen()
        for (const { image, tag } of this.deeds.taken.values())
          if (random.chance(events / 4)) universe.tagAnew(image.repository, tag)
        if (random.chance(losses)) this.#lose()
        await this.step()
      }
      if (random.chance(0.6)) clock.at += LEASE + SKEW + 1
      if (random.chance(0.1)) this.#plan(`plan-000${'bcdef'[this.plans.length - 1] ?? 'z'}`)
    }
  }

  /** Journal, lease, or both are gone, or are as they were a while ago. */
  #lose(): void {
    const { files, random } = this.universe
    this.universe.isWiped = true
    const kind = random.pick(['journal/', 'lease.json', ''])
    for (const key of [...files.keys()]) if (key.startsWith(kind) && key !== 'stop.json') files.delete(key)
  }

  async #calm<T extends Run>(run: T): Promise<T> {
    await settled()
    for (let steps = 0; this.alive.length > 0; steps++) {
      if (steps > 3_000) {
        this.universe.violate('it does not come to its end')
        return run
      }
      await this.step()
    }
    return run
  }

  /** Nothing goes wrong any more: everything is brought to its end. */
  async rest(): Promise<void> {
    const { universe } = this
    this.isRough = false
    universe.faults = 0
    universe.isComplete = true
    universe.files.delete('stop.json')
    universe.clock.at += LEASE + SKEW + 1
    this.#plan('plan-last')
    for (const plan of this.plans) {
      const run = await this.#calm(this.apply(plan))
      if (run.error instanceof PlanError) continue
      if (run.error !== undefined) throw run.error
      this.#checkEnd(run.result as ApplyReport, plan)
      const again = await this.#calm(this.apply(plan))
      const { deleted = 0, archived = 0 } = (again.result as ApplyReport | undefined) ?? {}
      // What is archived changes what can be read of an index, and so what may go.
      const isPlain = plan.items.every(({ action, status }) => action === 'delete' && status === 'ACTIVE')
      const hasAged = (run.result as ApplyReport).kept.some(({ why }) => why.includes('less than a day ago'))
      if (deleted + archived > 0 && isPlain && !hasAged)
        universe.violate('it finds more to do without anything having changed')
    }
  }

  #checkEnd({ stopped, left, failed }: ApplyReport, plan: Plan): void {
    const { universe } = this
    if (stopped && stopped.by !== 'at-most') universe.violate(`at rest it stops: ${stopped.by}, ${stopped.why}`)
    if (!stopped && left > 0) universe.violate(`at rest ${left} items of ${plan.id} are left`)
    if (failed.length > 0) universe.violate(`at rest ${failed[0]?.why}`)
  }

  async checkJournal(): Promise<void> {
    const { universe, deeds } = this
    const { files } = universe
    const keys = [...files.keys()].filter((key) => key.startsWith('journal/'))
    for (const key of keys.filter((each) => each.endsWith('-intent.json') && !each.includes('undo')))
      if (!files.has(key.replace('intent', 'outcome'))) universe.violate(`I10 at rest ${key} has no outcome`)
    if (universe.isWiped) return
    for (const plan of this.plans) {
      const outcomes = await this.#outcomes(plan.id)
      const mine = deeds.removed.filter((removed) => removed.plan === plan.id)
      this.#checkDeeds(plan, mine, outcomes)
    }
  }

  async #outcomes(plan: string): Promise<ReadonlyMap<string, readonly string[]>> {
    const { files } = this.universe
    const outcomes = new Map<string, string[]>()
    const store = {
      read: async (key: string) => files.get(key),
      list: async (prefix: string) => [...files.keys()].filter((key) => key.startsWith(prefix)).toSorted(),
    }
    for (const { intent, outcomes: ends = [] } of (await readJournal(store as never, plan)).entries)
      for (const { digest, end } of ends) {
        const key = `${intent.repository}@${digest}`
        outcomes.set(key, [...(outcomes.get(key) ?? []), end])
      }
    return outcomes
  }

  #checkDeeds(plan: Plan, mine: readonly Removed[], outcomes: ReadonlyMap<string, readonly string[]>): void {
    const { universe } = this
    const counts = new Map<string, number>()
    for (const { image, action } of mine) {
      const key = `${image.repository}@${image.digest}`
      const ends = outcomes.get(key) ?? []
      const told =
        action === 'archive' ? ['archived', 'already-gone', 'kept'] : ['deleted', 'restored', 'failed', 'kept']
      if (!ends.some((end) => told.includes(end)))
        universe.violate(`I10 ${key} went by ${plan.id}, and its outcomes are ${ends}`)
      counts.set(key, (counts.get(key) ?? 0) + 1)
      const restores = ends.filter((end) => end === 'restored').length
      if ((counts.get(key) ?? 0) > 1 + restores && action === 'delete')
        universe.violate(`${key} is deleted twice by ${plan.id}`)
    }
    for (const [key, ends] of outcomes)
      if (ends.filter((end) => end === 'deleted').length > 1) universe.violate(`${key} has two outcomes deleted`)
    for (const [key, ends] of outcomes)
      if (ends.filter((end) => end === 'archived').length > 1)
        universe.violate(`${key} is archived twice by ${plan.id}`)
    this.#checkBound(plan, mine)
  }

  #checkBound({ atMost, population, oldest = {}, id }: Plan, mine: readonly Removed[]): void {
    const { universe } = this
    const deleted = new Set(
      mine.filter(({ action }) => action === 'delete').map(({ image }) => `${image.repository}@${image.digest}`),
    )
    const all = Object.values(population).reduce((sum, one) => sum + one, 0)
    if (deleted.size > Math.min(atMost.images, all * atMost.shareOfRegistry + 1e-9))
      universe.violate(`I11 ${id} deleted ${deleted.size}`)
    for (const [name, count] of Object.entries(population)) {
      const here = [...deleted].filter((key) => key.startsWith(`${name}@`)).length
      const together = oldest[name] ?? 0
      const isAllowed = here <= together && together <= count / 2 && atMost.shareOfRepository > 0
      if (here > count * atMost.shareOfRepository + 1e-9 && !isAllowed)
        universe.violate(`I11 ${id} deleted ${here} of ${count} in ${name}`)
    }
  }

  /** Tags that we took and nobody gave back. */
  checkTags(): void {
    const { universe, deeds } = this
    for (const [key, { image, tag, isAnswered }] of deeds.taken) {
      const repository = universe.registry.repositories.get(image.repository)
      if (!repository || repository.tags.has(tag)) continue
      const isThere = repository.images.has(image.digest)
      const wasArchived = this.plans.some(({ items }) =>
        items.some((item) => item.digest === image.digest && item.status === 'ARCHIVED'),
      )
      if (isThere && !universe.isWiped && !wasArchived)
        universe.violate(`${key} was taken from ${image.digest}, and is not put back`)
      else if (!isThere && isAnswered && this.#roughFaults === 0 && !wasArchived)
        universe.violate(`${key} was taken along, and is not put back`)
      else if (isThere)
        universe.window(
          universe.isWiped
            ? 'the journal was lost before a tag was put back'
            : 'an archived image lost a tag to a race',
        )
      else universe.window('a tag was taken along, and nobody heard of it')
    }
  }

  /** Undone, everything that was deleted is there, and no tag is taken from anything. */
  async undoAll(): Promise<void> {
    const { universe } = this
    if (universe.isWiped) return
    for (const plan of this.plans) {
      const outcomes = await this.#outcomes(plan.id)
      if (outcomes.size === 0) continue
      const tagsBefore = this.#tags()
      const run = await this.#calm(this.undo(plan))
      if (run.error !== undefined) throw run.error
      for (const [key, digest] of tagsBefore)
        if (this.#tags().get(key) !== digest) universe.violate(`undo took the tag ${key}`)
      for (const [key, ends] of outcomes) if (ends.includes('deleted')) this.#checkBack(key, plan)
      const after = JSON.stringify([...this.#tags()])
      await this.#calm(this.undo(plan))
      if (JSON.stringify([...this.#tags()]) !== after) universe.violate('undo is not idempotent')
    }
  }

  #checkBack(key: string, plan: Plan): void {
    const { universe } = this
    const [name = '', digest = ''] = key.split('@')
    const repository = universe.registry.repositories.get(name)
    const item = plan.items.find((each) => each.digest === digest && each.repository === name)
    if (!repository || !item || item.status === 'ARCHIVED') return
    const { children = [] } = universe.registry.known.get(digest) ?? {}
    if (!children.every((child) => repository.images.has(child))) return
    const isElsewhere = item.tags.length > 0 && item.tags.every((tag) => repository.tags.has(tag))
    if (!repository.images.has(digest) && !isElsewhere) universe.violate(`undo did not bring back ${key}`)
    for (const tag of item.tags)
      if (!repository.tags.has(tag)) universe.violate(`undo did not bring back the tag ${tag} of ${key}`)
  }

  #tags(): ReadonlyMap<string, string> {
    return new Map(
      [...this.universe.registry.repositories.values()].flatMap(({ name, tags }) =>
        [...tags].map(([tag, digest]) => [`${name}:${tag}`, digest] as const),
      ),
    )
  }

  checkErrors(): void {
    for (const { error, actor } of this.runs as (Run & { error?: unknown })[])
      if (
        error !== undefined &&
        !(error instanceof PlanError || error instanceof Unreadable || error instanceof LeaseTaken)
      )
        this.universe.violate(`${actor.name} ended with ${error instanceof Error ? error.stack : error}`)
  }
}

/** One run of the model. The same seed gives the same run, step by step. */
export async function runModel(seed: number): Promise<Told> {
  const scenario = new Scenario(seed)
  const { universe, deeds } = scenario
  await scenario.rough()
  await scenario.rest()
  await scenario.checkJournal()
  scenario.checkTags()
  await scenario.undoAll()
  scenario.checkErrors()
  const deletions = deeds.removed.filter(({ action }) => action === 'delete').length
  return {
    ...{
      violations: universe.violations,
      windows: universe.windows,
      trace: universe.stepper.trace,
      crashes: scenario.crashes,
    },
    ...{ deletions, archivings: deeds.removed.length - deletions, steps: universe.clock.step },
  }
}
