import type { Severity } from '../severity.ts'
import type { Base } from './bases.ts'
import { type Closing, NOTHING, worse } from './closing.ts'
import type { RegistryRecord, RepositoryRecord } from './record.ts'
import type { TopFix } from './report.ts'
import { addRegistryFixes, addRuleFixes, createRuleFixes } from './rule-fixes.ts'
import { rebuildText } from './sentences.ts'
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

/** What a newer image is without is known of some; of all others, for how many findings a fix is published. */
const rebuilds = (bases: readonly Base[]): Weighed[] =>
  bases
    .filter(({ closes }) => closes.findings > 0)
    .map(({ report, closes: { findings, weight, severities } }) => ({
      fix: {
        ...{ kind: 'base', title: rebuildText(report).slice(0, LONG) },
        severity: (Object.keys(severities) as Severity[]).reduce(worse, NOTHING.severity),
        closes: { findings, fails: 0, images: report.images, repositories: report.repositories },
        repositories: report.named,
      },
      weight,
    }))

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
 * The few things to do that close most. Packages: each finding with a fixed version is in one upgrade. Bases: each finding
 * is brought by one at most. Rules: each verdict that fails is in one fix; `base-image` is about bases. A finding may be in an
 * upgrade and come from a base: either of them closes it.
 */
export function createFixes() {
  const [packages, rules] = [createUpgrades(), createRuleFixes()]
  return {
    add(record: RepositoryRecord): void {
      addUpgrades(packages, record)
      addRuleFixes(rules, record)
    },
    addRegistry: (record: RegistryRecord): void => addRegistryFixes(rules, record),
    /** At most 20, by the points of what they close, as the score counts them. */
    top: (bases: readonly Base[]): TopFix[] =>
      [...upgrades(packages.all()), ...rebuilds(bases), ...ruleFixes(rules.all())]
        .toSorted((a, b) => b.weight - a.weight || (a.fix.title < b.fix.title ? -1 : 1))
        .slice(0, TOP)
        .map(({ fix }) => fix),
  }
}
