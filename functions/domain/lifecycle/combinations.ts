import type { StoredImage } from './image.ts'
import type { Rule } from './rule.ts'
import { isMet, mayMeet, type TagRequirement, tagRequirement } from './tag-requirement.ts'

/** What images of one status and the same rules have in common. */
export type Combination = {
  readonly id: number
  readonly status: StoredImage['status']
  /** Places of the rules whose tag requirements are met, by priority: the first is the one whose affair they are. */
  readonly rules: readonly number[]
  /** Those of them that count images. */
  readonly counting: readonly number[]
}

/** Of ASCII. */
const LETTERS = 128

type Node = Combination & { readonly next: Node[] }

const CLASSES = { ACTIVE: 'standard', ARCHIVED: 'archive', ACTIVATING: undefined } as const

type Checked = { readonly place: number; readonly requirement: TagRequirement }

/** Where images of a status begin. */
type Root = {
  readonly node: Node
  /** Rules that are about images of the status. */
  readonly checked: readonly Checked[]
  /** Those that an image may meet whose one tag begins with this letter of ASCII: most have one, and most rules ask for another. */
  readonly byFirst: readonly (readonly Checked[])[]
}

function checkedOf({ checked, byFirst }: Root, tags: readonly string[]): readonly Checked[] {
  if (tags.length !== 1) return checked
  const first = (tags[0] as string).charCodeAt(0)
  return first < byFirst.length ? (byFirst[first] as readonly Checked[]) : checked
}

/** Gives each combination of rules that occurs a small number, so that a row holds that alone. */
export class Combinations {
  readonly #rules: readonly Rule[]
  readonly #all: Node[] = []
  readonly #roots: Readonly<Record<StoredImage['status'], Root>>

  /** Rules in the order of their priority. */
  constructor(rules: readonly Rule[]) {
    this.#rules = rules
    this.#roots = {
      ACTIVE: this.#root('ACTIVE'),
      ARCHIVED: this.#root('ARCHIVED'),
      ACTIVATING: this.#root('ACTIVATING'),
    }
  }

  /** Number of the combination of an image. */
  idOf({ status, tags }: Pick<StoredImage, 'status' | 'tags'>): number {
    const root = this.#roots[status]
    let node = root.node
    for (const { place, requirement } of checkedOf(root, tags)) {
      if (isMet(requirement, tags)) node = node.next[place] ?? this.#grown(node, place)
    }
    return node.id
  }

  get(id: number): Combination {
    return this.#all[id] as Combination
  }

  #root(status: StoredImage['status']): Root {
    const checked = this.#rules.flatMap((rule, place) =>
      rule.storageClass === CLASSES[status] ? [{ place, requirement: tagRequirement(rule) }] : [],
    )
    const byFirst = Array.from({ length: LETTERS }, (_, first) =>
      checked.filter(({ requirement }) => mayMeet(requirement, first)),
    )
    return { node: this.#made({ status, rules: [], counting: [] }), checked, byFirst }
  }

  #grown(node: Node, place: number): Node {
    const isCounting = this.#rules[place]?.count.type === 'imageCountMoreThan'
    const grown = this.#made({
      status: node.status,
      rules: [...node.rules, place],
      counting: isCounting ? [...node.counting, place] : node.counting,
    })
    node.next[place] = grown
    return grown
  }

  #made(combination: Omit<Combination, 'id'>): Node {
    const node = { id: this.#all.length, ...combination, next: [] }
    this.#all.push(node)
    return node
  }
}
