import type { LambdaFunction } from './function.ts'
import { type Completed, Instance } from './instance.ts'

/** The instances of one function: as many as run at once, kept warm, replaced when they end. */
export class InstancePool {
  readonly lambda: LambdaFunction
  readonly #idle: Instance[] = []
  readonly #all = new Set<Instance>()

  constructor(lambda: LambdaFunction) {
    this.lambda = lambda
  }

  /** Starts a first instance, so that it initialises while other work goes on. */
  warm(): void {
    if (this.#all.size === 0) this.#idle.push(this.#open())
  }

  /** Invokes the function in an idle instance or in a new one. It never rejects. */
  async invoke(payload: string): Promise<Completed> {
    const instance = this.#takeIdle() ?? this.#open()
    const completed = await instance.invoke(payload)
    if (instance.usable) this.#idle.push(instance)
    else this.#all.delete(instance)
    return completed
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((instance) => instance.stop()))
    this.#all.clear()
    this.#idle.length = 0
  }

  /** An instance may have ended while nobody looked. */
  #takeIdle(): Instance | undefined {
    for (let instance = this.#idle.pop(); instance; instance = this.#idle.pop()) {
      if (instance.usable) return instance
      this.#all.delete(instance)
    }
    return undefined
  }

  #open(): Instance {
    const instance = new Instance(this.lambda)
    this.#all.add(instance)
    return instance
  }
}
