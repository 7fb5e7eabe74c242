import type { Counts } from './counts.ts'
import { dueAfter, instant } from './due.ts'
import { explain, type Grounds, type Since } from './explain.ts'
import type { Kin } from './kin.ts'
import type { Rule } from './rule.ts'
import type { AgeType, ImageTable } from './table.ts'
import type { Ground, LifecycleVerdict } from './verdict.ts'

/** What is known of the images once all are there. */
export type Known = {
  /** In the order of their priority. */
  readonly rules: readonly Rule[]
  readonly table: ImageTable
  readonly kin: Kin
  readonly counts: Counts
  /** Milliseconds since 1970. */
  readonly now: number
}

/**
 * What a policy means for the images that were added, in the order of adding. Rows are numbered from 0. Asking for one thing
 * of a row makes no object; a verdict as a whole is made when it is asked for.
 */
export class Verdicts implements Iterable<LifecycleVerdict> {
  readonly #known: Known

  constructor(known: Known) {
    this.#known = known
  }

  get size(): number {
    return this.#known.table.digests.size
  }

  digestOf(row: number): string {
    return this.#known.table.digests.get(row)
  }

  tagsOf(row: number): readonly string[] {
    return this.#known.table.tags.get(row)
  }

  /** Bytes. */
  sizeOf(row: number): number {
    return this.#known.table.sizes.get(row)
  }

  /** Priority of the rule whose affair it is; null where it is none's. */
  ruleOf(row: number): number | null {
    return this.#isFollower(row) ? null : (this.#affairOf(row)?.priority ?? null)
  }

  groundOf(row: number): Ground {
    const { table, kin, counts, rules, now } = this.#known
    if (kin.some && kin.indexOf(row) !== undefined) return 'child'
    if (kin.some && kin.subjectOf(row) !== undefined) return 'referrer'
    const combination = table.combinationOf(row)
    const place = combination.rules[0]
    if (place === undefined) return combination.status === 'ACTIVATING' ? 'activating' : 'no-rule'
    const { count } = rules[place] as Rule
    if ('images' in count) return counts.isBeyond(row, place) ? 'beyond-count' : 'within-count'
    return now >= dueAfter(table.since(row, count.type), count.days) ? 'beyond-age' : 'within-age'
  }

  actionOf(row: number): LifecycleVerdict['action'] {
    const ground = this.groundOf(row)
    return ground === 'beyond-count' || ground === 'beyond-age' ? (this.#affairOf(row) as Rule).action : 'keep'
  }

  /** When the rule's days are over, ISO 8601; null where no rule gives it days. */
  dueAtOf(row: number): string | null {
    const rule = this.#isFollower(row) ? undefined : this.#affairOf(row)
    if (!rule || 'images' in rule.count) return null
    return instant(dueAfter(this.#known.table.since(row, rule.count.type), rule.count.days))
  }

  /** In words. */
  reasonOf(row: number): string {
    return explain(this.#groundsOf(row))
  }

  verdictOf(row: number): LifecycleVerdict {
    return {
      digest: this.digestOf(row),
      tags: this.tagsOf(row),
      action: this.actionOf(row),
      rule: this.ruleOf(row),
      ground: this.groundOf(row),
      reason: this.reasonOf(row),
      dueAt: this.dueAtOf(row),
      sizeBytes: this.sizeOf(row),
    }
  }

  *[Symbol.iterator](): Generator<LifecycleVerdict> {
    for (let row = 0; row < this.size; row++) yield this.verdictOf(row)
  }

  #isFollower(row: number): boolean {
    const { kin } = this.#known
    return kin.some && (kin.indexOf(row) !== undefined || kin.subjectOf(row) !== undefined)
  }

  #affairOf(row: number): Rule | undefined {
    const place = this.#known.table.combinationOf(row).rules[0]
    return place === undefined ? undefined : this.#known.rules[place]
  }

  #groundsOf(row: number): Grounds {
    const { kin, counts, table } = this.#known
    const ground = this.groundOf(row)
    if (ground === 'child') return { ground, index: kin.indexOf(row) as string }
    if (ground === 'referrer') return { ground, subject: kin.subjectOf(row) as string }
    if (ground === 'no-rule' || ground === 'activating') return { ground }
    const rule = this.#affairOf(row) as Rule
    if ('days' in rule.count) {
      const about = { rule, days: rule.count.days, ...this.#sinceOf(row, rule.count.type) }
      return { ground: ground === 'beyond-age' ? ground : 'within-age', ...about }
    }
    const place = counts.numberOf(row, table.combinationOf(row).rules[0] as number)
    return { ground: ground === 'beyond-count' ? ground : 'within-count', rule, images: rule.count.images, place }
  }

  #sinceOf(row: number, type: AgeType): { readonly since: Since; readonly at: number } {
    const { table } = this.#known
    const at = table.since(row, type)
    if (type === 'sinceImageTransitioned') return { since: 'archived', at }
    if (at !== table.arrivalOf(row)) return { since: 'pulled', at }
    return { since: table.restored.has(row) ? 'restored' : 'pushed', at }
  }
}
