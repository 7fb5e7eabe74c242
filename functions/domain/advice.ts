import type { Ancestor } from './ancestry/ancestor.ts'
import { ancestorInWords, type Brought, broughtBy } from './ancestry/brought.ts'
import type { Finding } from './finding.ts'

const NAMED = 5

const list = (names: readonly string[]): string =>
  names.length > NAMED ? `${names.slice(0, NAMED).join(', ')} and ${names.length - NAMED} more` : names.join(', ')

/** Packages by how many of the findings go with their upgrade, most first. */
function packagesOf(fixable: readonly Finding[]): string[] {
  const counts = Map.groupBy(fixable, (finding) => finding.package)
  return [...counts].sort(([, a], [, b]) => b.length - a.length).map(([name]) => name)
}

/** `share` names the findings: `It`, `3 of 4`, `Of the others, 1`. */
function upgrades(findings: readonly Finding[], share: (fixable: number) => string): string {
  const fixable = findings.filter((finding) => finding.fixed !== undefined)
  const packages = packagesOf(fixable)
  const many = packages.length === 1 ? '1 package' : `${packages.length} packages`
  return `${share(fixable.length)} fixed by upgrading ${many}: ${list(packages)}.`
}

const waiting = (count: number): string =>
  count === 1
    ? 'It has no published fix yet: judge whether it can be reached, and rebuild when a fix is out.'
    : `None of the ${count} has a published fix yet: judge whether they can be reached, and rebuild when a fix is out.`

const hasFix = (findings: readonly Finding[]): boolean => findings.some(({ fixed }) => fixed !== undefined)

/** Basic scanning names vulnerable packages, not the versions that mend them: unknown is not «no fix». */
const lookingUp = (findings: readonly Finding[]): string =>
  `Rebuild on a newer base image, or upgrade ${list(packagesOf(findings))}. Basic scanning does not say which version fixes what.`

export type Advisable = {
  /** Whether the scanner says which versions fix what. */
  readonly fixesKnown: boolean
  /** What the image is built upon, where its manifest was read. */
  readonly ancestor?: Ancestor | undefined
}

/** `31 of 40 come from base/node:20.14 (the 5 lowest layers), 29 with a fix`. */
function inWords({ inherited }: Brought, all: number, ancestor: Ancestor): string {
  const fixable = inherited.filter(({ fixed }) => fixed !== undefined).length
  const comes = `${inherited.length} of ${all} ${inherited.length === 1 ? 'comes' : 'come'} from ${ancestorInWords(ancestor)}`
  return `${comes}, ${fixable === 0 ? 'none' : fixable} with a published fix.`
}

/** What to do about the findings of one image, in a sentence or two. */
export function advise(findings: readonly Finding[], { fixesKnown, ancestor }: Advisable): string {
  if (findings.length === 0) return 'Open the image in the console to see its findings.'
  const brought = broughtBy(findings, ancestor)
  if (ancestor && brought.inherited.length * 2 > findings.length) {
    const others = [...brought.own, ...brought.unplaced]
    const rebuild = `Rebuild on a newer base image: ${inWords(brought, findings.length, ancestor)}`
    return hasFix(others)
      ? `${rebuild} ${upgrades(others, (n) => `Of the others, ${n} ${n === 1 ? 'is' : 'are'}`)}`
      : rebuild
  }
  if (!fixesKnown) return lookingUp(findings)
  if (!hasFix(findings)) return waiting(findings.length)
  return upgrades(findings, (n) => (findings.length === 1 ? 'It is' : `${n} of ${findings.length} are`))
}
