import type { Random } from '../random.ts'

export class Crash extends Error {
  override readonly name = 'Crash'
}

/** A run of something, whose calls wait to be let through. */
export type Actor = { readonly name: string; isDead: boolean }

/** What may become of a call. */
export type Fate = 'done' | 'refused' | 'lost' | 'crash-before' | 'crash-after'

type Pending = {
  readonly actor: Actor
  readonly name: string
  readonly run: (fate: Fate) => void
}

/** Lets one call through at a time, in any order. What waits for a call that a crash took waits for ever. */
export class Stepper {
  pending: Pending[] = []
  readonly trace: string[] = []

  /**
   * A call of an actor. `effect` happens at one instant, whenever it is its turn.
   * @param refusal what is thrown where it did not arrive, or its answer did not
   */
  call<T>(actor: Actor, name: string, effect: (isAnswered: boolean) => T, refusal: () => Error): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const run = (fate: Fate): void => {
        this.trace.push(`${actor.name} ${name}${fate === 'done' ? '' : ` (${fate})`}`)
        if (fate === 'refused') reject(refusal())
        actor.isDead = fate.startsWith('crash')
        if (fate === 'refused' || fate === 'crash-before') return
        let value: T
        try {
          value = effect(fate === 'done')
        } catch (error) {
          reject(error)
          return
        }
        if (fate === 'lost') reject(refusal())
        else if (fate === 'done') resolve(value)
      }
      this.pending.push({ actor, name, run })
    })
  }

  /** Calls of actors that live. */
  get waiting(): readonly Pending[] {
    return this.pending.filter(({ actor }) => !actor.isDead)
  }

  let(pending: Pending, fate: Fate): void {
    this.pending = this.pending.filter((each) => each !== pending && !each.actor.isDead)
    pending.run(fate)
  }

  pick(random: Random): Pending {
    return random.pick(this.waiting)
  }
}

/** Until every promise that can be settled is. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
