import { TokenType } from '@streamparser/json'
import { RefusedSbom } from '../../../domain/supply-chain/sbom/refused.ts'
import type { Handed, Shape } from '../../../domain/supply-chain/sbom/shape.ts'

/** Deepest nesting; those of the field's tools have twelve levels. */
const DEPTH = 128
/** Characters of a text: licences in full have some ten thousand. */
const TEXT = 1_048_576
/** Fields of an object. */
const FIELDS = 10_000
/** Elements of a list that is kept. */
const LIST = 200_000

type Kept = Record<string, unknown> | unknown[]

/** An object or a list that has begun; of one that is passed over only what refuses it is known. */
type Open = {
  readonly shape: Exclude<Shape, 'text'> | undefined
  readonly kept: Kept | undefined
  /** Names of an object's fields; undefined of a list. */
  readonly names: Set<string> | undefined
  name: string
}

type Expected = 'value' | 'value or end' | 'name' | 'name or end' | 'colon' | 'comma or end' | 'nothing'

export type Sink = (handed: Handed, element: object) => void

const notJson = (): RefusedSbom => new RefusedSbom('it is not JSON')

/** A name as a message can bear it. */
const quoted = (name: string): string => JSON.stringify(name.slice(0, 60))

function refuseLong(value: unknown): void {
  if (typeof value === 'string' && value.length > TEXT)
    throw new RefusedSbom(`it holds a text of more than ${TEXT} characters`)
}

/**
 * Makes of tokens what a shape asks for, and hands elements of long lists over as they come, so that a document is never in
 * memory as a whole. What a parser may read in two ways is refused: the same field twice.
 */
export class Assembler {
  readonly #shape: Shape
  readonly #sink: Sink
  readonly #open: Open[] = []
  #expected: Expected = 'value'
  #result: unknown

  constructor(shape: Shape, sink: Sink) {
    this.#shape = shape
    this.#sink = sink
  }

  /** @param partial whether more of a text is to come @throws {RefusedSbom} */
  write(token: TokenType, value: unknown, partial: boolean): void {
    refuseLong(value)
    if (partial) return
    if (token === TokenType.COLON) this.#colon()
    else if (token === TokenType.COMMA) this.#comma()
    else if (token === TokenType.RIGHT_BRACE || token === TokenType.RIGHT_BRACKET) this.#close(token)
    else if (this.#expected.startsWith('name')) this.#name(token, value)
    else this.#value(token, value)
  }

  /** What the document is, of what its shape asks for. @throws {RefusedSbom} where it has not ended */
  end(): unknown {
    if (this.#expected !== 'nothing') throw notJson()
    return this.#result
  }

  #colon(): void {
    if (this.#expected !== 'colon') throw notJson()
    this.#expected = 'value'
  }

  #comma(): void {
    if (this.#expected !== 'comma or end') throw notJson()
    this.#expected = this.#open.at(-1)?.names ? 'name' : 'value'
  }

  #name(token: TokenType, value: unknown): void {
    const open = this.#open.at(-1)
    if (token !== TokenType.STRING || typeof value !== 'string' || !open?.names) throw notJson()
    if (open.names.has(value)) throw new RefusedSbom(`it says ${quoted(value)} twice in one place`)
    if (open.names.size >= FIELDS) throw new RefusedSbom(`it holds an object of more than ${FIELDS} fields`)
    open.names.add(value)
    open.name = value
    this.#expected = 'colon'
  }

  #value(token: TokenType, value: unknown): void {
    if (!this.#expected.startsWith('value')) throw notJson()
    const shape = this.#shapeOfNext()
    const isObject = token === TokenType.LEFT_BRACE
    if (!isObject && token !== TokenType.LEFT_BRACKET) {
      if (shape === 'text' && typeof value === 'string') this.#keep(value)
      this.#expected = this.#after()
      return
    }
    if (this.#open.length >= DEPTH) throw new RefusedSbom(`it is nested more than ${DEPTH} deep`)
    const fits = shape !== 'text' && (isObject ? shape?.fields : shape?.each) !== undefined
    this.#open.push({
      shape: fits ? shape : undefined,
      kept: fits ? (isObject ? {} : []) : undefined,
      names: isObject ? new Set() : undefined,
      name: '',
    })
    this.#expected = isObject ? 'name or end' : 'value or end'
  }

  #close(token: TokenType): void {
    const open = this.#open.pop()
    const isObject = token === TokenType.RIGHT_BRACE
    if (!open || !this.#expected.endsWith('or end') || (open.names !== undefined) !== isObject) throw notJson()
    this.#expected = this.#after()
    if (open.kept) this.#keep(open.kept)
  }

  #after(): Expected {
    return this.#open.length > 0 ? 'comma or end' : 'nothing'
  }

  #shapeOfNext(): Shape | undefined {
    const open = this.#open.at(-1)
    if (!open) return this.#shape
    const { shape, names, name } = open
    if (!names) return shape?.each
    return shape?.fields && Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined
  }

  #keep(value: unknown): void {
    const open = this.#open.at(-1)
    if (!open) this.#result = value
    else if (!Array.isArray(open.kept)) (open.kept as Record<string, unknown>)[open.name] = value
    else if (open.shape?.handedAs) this.#sink(open.shape.handedAs, value as object)
    else if (open.kept.push(value) > LIST) throw new RefusedSbom(`it holds a list of more than ${LIST} elements`)
  }
}
