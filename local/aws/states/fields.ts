import { InvalidDefinition } from './errors.ts'
import { isJsonObject, type Json, type JsonObject } from './json.ts'

/**
 * An object of a definition, whose fields are all honoured: what is not asked for is refused, because a field that is
 * ignored would behave otherwise on AWS.
 */
export class Fields {
  readonly where: string
  readonly #values: JsonObject

  /** @throws {InvalidDefinition} for any other field than those that are honoured */
  constructor(value: Json | undefined, where: string, honoured: readonly string[]) {
    if (!isJsonObject(value)) throw new InvalidDefinition(where, 'an object belongs here')
    const unknown = Object.keys(value).find((name) => !honoured.includes(name))
    if (unknown !== undefined)
      throw new InvalidDefinition(`${where}.${unknown}`, `the local AWS does not honour ${unknown} here`)
    this.where = where
    this.#values = value
  }

  at(name: string): string {
    return `${this.where}.${name}`
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#values, name)
  }

  get(name: string): Json | undefined {
    return this.#values[name]
  }

  text(name: string): string | undefined {
    return this.#of(name, 'text', (value) => typeof value === 'string') as string | undefined
  }

  /** @throws {InvalidDefinition} also where there is none */
  needText(name: string): string {
    const value = this.text(name)
    if (value === undefined) throw new InvalidDefinition(this.at(name), 'text belongs here')
    return value
  }

  number(name: string, least = 0): number | undefined {
    const fits = (value: Json): boolean => typeof value === 'number' && value >= least
    return this.#of(name, `a number of at least ${least}`, fits) as number | undefined
  }

  flag(name: string): boolean | undefined {
    return this.#of(name, 'true or false', (value) => typeof value === 'boolean') as boolean | undefined
  }

  list(name: string): readonly Json[] {
    return (this.#of(name, 'a list', Array.isArray) ?? []) as readonly Json[]
  }

  /** Exactly one of them. @throws {InvalidDefinition} */
  oneOf(names: readonly string[]): string {
    const [found, ...more] = names.filter((name) => this.has(name))
    if (found === undefined || more.length > 0)
      throw new InvalidDefinition(this.where, `exactly one of ${names.join(', ')} belongs here`)
    return found
  }

  #of(name: string, expected: string, fits: (value: Json) => boolean): Json | undefined {
    const value = this.#values[name]
    if (value === undefined || fits(value)) return value
    throw new InvalidDefinition(this.at(name), `${expected} belongs here`)
  }
}
