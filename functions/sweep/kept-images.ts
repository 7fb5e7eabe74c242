import { bySeverity, SEVERITIES, type Severity } from '../domain/severity.ts'
import type { ImageRecord, Omitted, RecordedFinding, RecordedVerdict } from '../domain/sweep/record.ts'

/** What the record of one repository holds at most: beyond it, what is open is counted. */
export type Limits = { readonly images: number; readonly findings: number; readonly findingsOfImage: number }

export const LIMITS: Limits = { images: 2_000, findings: 10_000, findingsOfImage: 1_000 }

const counts = ({ exception }: RecordedFinding | RecordedVerdict): boolean => exception?.state !== 'excepted'

/** How bad an image is: how many findings and fails count of each severity, then how many verdicts are unknown. */
function badness({ findings, verdicts }: ImageRecord): readonly number[] {
  const numbers = SEVERITIES.map(() => 0)
  for (const one of [...findings, ...verdicts.filter(({ outcome }) => outcome === 'fail')])
    if (counts(one)) numbers[SEVERITIES.indexOf(one.severity)] = (numbers[SEVERITIES.indexOf(one.severity)] ?? 0) + 1
  return [...numbers, verdicts.filter((one) => one.outcome === 'unknown' && counts(one)).length]
}

type Ranked = { readonly image: ImageRecord; readonly badness: readonly number[] }

function worstFirst(one: Ranked, other: Ranked): number {
  for (const [index, number] of one.badness.entries()) {
    const difference = (other.badness[index] ?? 0) - number
    if (difference !== 0) return difference
  }
  return one.image.digest < other.image.digest ? -1 : 1
}

type Group = { readonly severity: Severity; readonly firstSeen: string; count: number }

function createOmitted() {
  const sums = { images: 0, fails: 0, unknowns: 0, excepted: 0 }
  const groups = new Map<string, Group>()
  const addFinding = (finding: RecordedFinding): void => {
    const { severity, firstSeen } = finding
    if (!counts(finding)) {
      sums.excepted += 1
      return
    }
    const key = `${severity} ${firstSeen}`
    const group = groups.get(key) ?? { severity, firstSeen, count: 0 }
    group.count += 1
    groups.set(key, group)
  }
  return {
    addFinding,
    addImage({ findings, verdicts }: ImageRecord): void {
      sums.images += 1
      for (const finding of findings) addFinding(finding)
      for (const verdict of verdicts)
        sums[counts(verdict) ? (verdict.outcome === 'fail' ? 'fails' : 'unknowns') : 'excepted'] += 1
    },
    end(): Omitted | undefined {
      if (sums.images + sums.excepted + groups.size === 0) return undefined
      const findings = [...groups.values()].toSorted(
        (a, b) => bySeverity(a.severity, b.severity) || (a.firstSeen < b.firstSeen ? -1 : 1),
      )
      return { ...sums, findings }
    },
  }
}

/** Gives the same object for findings that are the same: a hundred images of a repository have much in common. */
function createShared() {
  const known = new Map<string, RecordedFinding>()
  return (finding: RecordedFinding): RecordedFinding => {
    const text = JSON.stringify(finding)
    const shared = known.get(text) ?? finding
    known.set(text, shared)
    return shared
  }
}

/**
 * Holds the worst images of a repository, however many come, and counts what it does not hold.
 * @param limits an image more than the first is held only where it fits whole
 */
export function createKeptImages(limits: Limits = LIMITS) {
  const omitted = createOmitted()
  let [kept, findings, shared]: [Ranked[], number, ReturnType<typeof createShared>] = [[], 0, createShared()]

  function cut(): void {
    const sorted = kept.toSorted(worstFirst)
    // What is no longer held is not to be known either.
    ;[kept, findings, shared] = [[], 0, createShared()]
    for (const one of sorted) {
      const isFull = kept.length >= limits.images || findings + one.image.findings.length > limits.findings
      if (isFull) omitted.addImage(one.image)
      else kept.push(one)
      if (!isFull) findings += one.image.findings.length
    }
  }

  return {
    /** @param image with its findings worst first */
    add(image: ImageRecord): void {
      const shown = image.findings.slice(0, limits.findingsOfImage).map(shared)
      for (const finding of image.findings.slice(shown.length)) omitted.addFinding(finding)
      kept.push({ image: { ...image, findings: shown }, badness: badness(image) })
      findings += shown.length
      // Sorting takes time: not for each that is too many.
      if (kept.length > 2 * limits.images || findings > 2 * limits.findings) cut()
    },
    /** Worst first. */
    end() {
      cut()
      return { images: kept.map(({ image }) => image), omitted: omitted.end() }
    },
  }
}

export type KeptImages = ReturnType<typeof createKeptImages>
