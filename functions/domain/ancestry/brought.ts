import type { Finding } from '../finding.ts'
import type { Ancestor } from './ancestor.ts'

/** The findings of one image by what brings them: each is in exactly one of these. */
export type Brought = {
  readonly inherited: readonly Finding[]
  /** From its own layers, or from layers of a base that nobody knows. */
  readonly own: readonly Finding[]
  /** Of which the scanner does not say the layer: basic scanning never does. */
  readonly unplaced: readonly Finding[]
}

/** Which of the findings an image has from what it is built upon. Nothing is guessed: a finding without a layer is `unplaced`. */
export function broughtBy(findings: readonly Finding[], { layers = [] }: Partial<Ancestor> = {}): Brought {
  const lowest = new Set(layers)
  const placed = findings.filter(({ layer }) => layer !== undefined)
  return {
    inherited: placed.filter(({ layer }) => lowest.has(String(layer))),
    own: placed.filter(({ layer }) => !lowest.has(String(layer))),
    unplaced: findings.filter(({ layer }) => layer === undefined),
  }
}

/** `base/node:22.11 (its 2 lowest layers)`, `the lowest layer, which is of node:22`, `the lowest layer`. */
export function ancestorInWords({ layers, name, isWhole }: Ancestor): string {
  if (!isWhole) return name === undefined ? 'the lowest layer' : `the lowest layer, which is of ${name}`
  return `${name} (${layers.length === 1 ? 'the lowest layer' : `the ${layers.length} lowest layers`})`
}
