import { counted } from '../counted.ts'
import type { Closing } from './closing.ts'
import { addRebuilds, createRebuilds } from './rebuilds.ts'
import type { RegistryRecord, RepositoryRecord } from './record.ts'
import type { TopFix } from './report.ts'
import { addRegistryFixes, addRuleFixes, createRuleFixes } from './rule-fixes.ts'
import { addUpgrades, createUpgrades } from './upgrades.ts'

/** Fixes of a report. */
const TOP = 20

/** Characters of what comes from outside. */
const LONG = 300

const BASE_RULE = 'base-image'

type Weighed = { readonly fix: TopFix; readonly weight: number }

const weighed = (
  { closes: { findings, fails, images, weight, severity }, repositories, most }: Closing<unknown>,
  about: Pick<TopFix, 'kind' | 'title' | 'command'>,
): Weighed => ({
  fix: {
    ...{ ...about, title: about.title.slice(0, LONG), severity },
    closes: { findings, fails, images, repositories },
    repositories: most.map(({ name }) => name),
  },
  weight,
})

const upgrades = (all: ReturnType<ReturnType<typeof createUpgrades>['all']>): Weighed[] =>
  all.map((closing) =>
    weighed(closing, { kind: 'package', title: `Upgrade ${closing.note.name} to ${closing.note.version}` }),
  )

/** A layer of one image is no base that images share. */
const rebuilds = (all: ReturnType<ReturnType<typeof createRebuilds>['all']>): Weighed[] =>
  all
    .filter(({ closes }) => closes.images > 1)
    .map((closing) => {
      const brings = `one layer brings ${counted(closing.note, 'finding')} to ${counted(closing.closes.images, 'image')}`
      return weighed(closing, { kind: 'base', title: `Rebuild on a newer base: ${brings}` })
    })

/** With what most of the verdicts say of it. */
const ruleFixes = (all: ReturnType<ReturnType<typeof createRuleFixes>['all']>): Weighed[] =>
  all.map((closing) => {
    const { rule, texts, command } = closing.note
    const [said] = [...texts].toSorted(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))
    return weighed(closing, {
      kind: rule === BASE_RULE ? 'base' : 'rule',
      title: said?.[0] ?? `Meet the rule ${rule}`,
      ...(command !== null && { command }),
    })
  })

/**
 * The few things to do that close most. Packages: each finding with a fixed version is in one upgrade. Layers: each finding
 * is in one layer. Rules: each verdict that fails is in one fix; `base-image` is about bases. A finding may be in an upgrade
 * and in a layer: either of them closes it.
 */
export function createFixes() {
  const [packages, layers, rules] = [createUpgrades(), createRebuilds(), createRuleFixes()]
  return {
    add(record: RepositoryRecord): void {
      addUpgrades(packages, record)
      addRebuilds(layers, record)
      addRuleFixes(rules, record)
    },
    addRegistry: (record: RegistryRecord): void => addRegistryFixes(rules, record),
    /** At most 20, by the points of what they close, as the score counts them. */
    top: (): TopFix[] =>
      [...upgrades(packages.all()), ...rebuilds(layers.all()), ...ruleFixes(rules.all())]
        .toSorted((a, b) => b.weight - a.weight || (a.fix.title < b.fix.title ? -1 : 1))
        .slice(0, TOP)
        .map(({ fix }) => fix),
  }
}
