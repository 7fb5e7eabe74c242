import { inspect } from 'node:util'

/** The URL of an incoming webhook: whoever knows it may post, so it shows itself to nobody by accident. */
export class Webhook {
  readonly #url: string

  constructor(url: string) {
    this.#url = url
  }

  /** The URL, for the one place that posts to it. */
  reveal(): string {
    return this.#url
  }

  equals(other: Webhook): boolean {
    return this.#url === other.#url
  }

  toString(): string {
    return '[webhook]'
  }

  toJSON(): string {
    return '[webhook]'
  }

  [inspect.custom](): string {
    return '[webhook]'
  }
}
