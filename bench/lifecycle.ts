import { execFileSync } from 'node:child_process'
import { createEvaluation, type Verdicts } from '../functions/domain/lifecycle/evaluation.ts'
import type { StoredImage } from '../functions/domain/lifecycle/image.ts'
import { parsePolicy } from '../functions/domain/lifecycle/parse-policy.ts'
import type { Rule } from '../functions/domain/lifecycle/rule.ts'
import { plainEvaluation } from '../test/domain/lifecycle/plain-evaluation.ts'

const IMAGES = 1_000_000
const FEWER = IMAGES / 10
const PAGE = 1_000
const ROUNDS = 3
/** Of the engine in a round: it takes a fraction of the time. */
const REPEATS = 4
const WARM_UP = 3

const NOW = new Date('2026-11-20T09:00:00Z')
const DAY = 86_400_000
const MB = 1_000_000

const keep = (rulePriority: number, tagPrefixList: readonly string[], countNumber: number) => ({
  rulePriority,
  selection: { tagStatus: 'tagged', tagPrefixList, countType: 'imageCountMoreThan', countNumber },
  action: { type: 'expire' },
})

const older = (rulePriority: number, tagStatus: string, countNumber: number) => ({
  rulePriority,
  selection: { tagStatus, countType: 'sinceImagePushed', countUnit: 'days', countNumber },
  action: { type: 'expire' },
})

/** Five rules as they are often written: two of age, three that keep the newest of a prefix. */
const POLICY = {
  rules: [
    older(1, 'untagged', 7),
    keep(2, ['dev-'], 5),
    keep(3, ['stg-'], 10),
    keep(4, ['v', 'release-'], 100),
    older(5, 'any', 90),
  ],
}

/** Numbers that look like chance, and are the same in every run. */
function chances(): () => number {
  let state = 42
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

/** Pages as they come from ECR: half a year of images, a fifth of them without a tag, some with two. */
function* pages(images: number): Generator<readonly StoredImage[]> {
  const chance = chances()
  const upTo = (most: number): number => Math.floor(chance() * most)
  const word = (): string =>
    upTo(2 ** 32)
      .toString(16)
      .padStart(8, '0')
  const commit = (): string => word().slice(0, 7)
  const version = (): string => `v1.${upTo(100)}.${upTo(1_000)}`
  const kinds = [
    () => [],
    () => [`dev-${commit()}`],
    () => [`stg-${commit()}`],
    () => (upTo(4) ? [version()] : [version(), `release-${upTo(1_000_000)}`]),
    () => [`feature-${commit()}`],
  ]
  for (let from = 0; from < images; from += PAGE) {
    yield Array.from({ length: Math.min(PAGE, images - from) }, () => ({
      digest: `sha256:${word()}${word()}${word()}${word()}${word()}${word()}${word()}${word()}`,
      tags: (kinds[upTo(kinds.length)] as () => string[])(),
      pushedAt: NOW.getTime() - upTo(180 * DAY),
      status: 'ACTIVE' as const,
      sizeInBytes: upTo(2_000_000_000),
    }))
  }
}

function rulesOf(policy: object): readonly Rule[] {
  const { rules } = parsePolicy(JSON.stringify(policy))
  if (!rules) throw new Error('the policy of the bench is none')
  return rules
}

const RULES = rulesOf(POLICY)

type Run = { readonly verdicts: Verdicts; readonly expired: number; readonly ms: number }

/** The engine, up to the action of every image. Its time is counted, not that in which the next page is made. */
function engine(all: Iterable<readonly StoredImage[]>): Run {
  const evaluation = createEvaluation(RULES, NOW)
  let ms = 0
  for (const page of all) ms += timed(() => evaluation.add(page))
  let verdicts!: Verdicts
  let expired = 0
  ms += timed(() => {
    verdicts = evaluation.end()
    for (let row = 0; row < verdicts.size; row++) if (verdicts.actionOf(row) === 'expire') expired++
  })
  return { verdicts, expired, ms }
}

/** After what was left behind is swept up: the one is not slowed by the other's garbage. */
function swept(run: () => number): number {
  globalThis.gc?.()
  return run()
}

function timed(run: () => unknown): number {
  const began = performance.now()
  run()
  return performance.now() - began
}

/** Pages as a client hands them over: read from text a moment ago, and let go once they were taken in. */
function* read(texts: readonly string[]): Generator<readonly StoredImage[]> {
  for (const text of texts) yield JSON.parse(text)
}

type Speed = {
  /** Of the engine. */
  readonly ms: number
  /** How many times as long the plain evaluation takes. */
  readonly plain: number
  /** How many times as long as for a tenth of the images. */
  readonly growth: number
  /** Images whose action, rule, ground or due day differs. */
  readonly different: number
  readonly expired: number
}

function differences(verdicts: Verdicts, images: readonly StoredImage[]): number {
  return plainEvaluation(RULES, images, new Map(), NOW).filter(
    (plain, row) =>
      plain.digest !== verdicts.digestOf(row) ||
      plain.action !== verdicts.actionOf(row) ||
      plain.rule !== verdicts.ruleOf(row) ||
      plain.ground !== verdicts.groundOf(row) ||
      plain.dueAt !== verdicts.dueAtOf(row),
  ).length
}

/**
 * A million images, by the engine and by a filter and a sort per rule, in turn. The ratios are of the fastest rounds: what else
 * the machine does makes a round slower, never faster.
 */
function measureSpeed(): Speed {
  const all = Array.from(pages(IMAGES), (page) => JSON.stringify(page))
  const few = all.slice(0, FEWER / PAGE)
  const images = [...read(all)].flat()
  for (let n = 1; n < WARM_UP; n++) engine(read(all))
  const { verdicts, expired } = engine(read(all))
  const different = differences(verdicts, images)
  const times = Array.from({ length: ROUNDS }, () => ({
    plain: swept(() => timed(() => plainEvaluation(RULES, images, new Map(), NOW))),
    many: Math.min(...Array.from({ length: REPEATS }, () => swept(() => engine(read(all)).ms))),
    few: Math.min(...Array.from({ length: REPEATS }, () => swept(() => engine(read(few)).ms))),
  }))
  const fastest = (of: 'plain' | 'many' | 'few'): number => Math.min(...times.map((time) => time[of]))
  const ms = fastest('many')
  return {
    ms,
    plain: fastest('plain') / ms,
    growth: ms / fastest('few'),
    different,
    expired,
  }
}

/** What a million images hold after they came page by page, and at most, above the same pages unread. MB. */
type Memory = { readonly held: number; readonly resident: number }

function measureMemory(): Memory {
  const inUse = (): number => {
    globalThis.gc?.()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    return heapUsed + arrayBuffers
  }
  let peak = 0
  function* watched(): Generator<readonly StoredImage[]> {
    for (const page of pages(IMAGES)) {
      yield page
      peak = Math.max(peak, process.memoryUsage.rss())
    }
  }
  let seen = 0
  for (const page of watched()) seen += page.length
  engine(pages(FEWER))
  const before = { held: inUse(), resident: peak }
  peak = 0
  const { verdicts } = engine(watched())
  const held = (inUse() - before.held) / MB
  if (verdicts.size !== seen) throw new Error('images were lost')
  return { held, resident: (peak - before.resident) / MB }
}

/** In a process of its own, which sweeps up when it is asked to. */
function measuredApart<T>(what: 'speed' | 'memory'): T {
  const args = ['--expose-gc', import.meta.filename, what]
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }))
}

/** What the bench prints. */
export function lifecycleLines(): readonly string[] {
  const { ms, plain, growth, different, expired } = measuredApart<Speed>('speed')
  const { held, resident } = measuredApart<Memory>('memory')
  return [
    `lifecycle: ${IMAGES.toLocaleString('en')} images by ${RULES.length} rules in ${ms.toFixed(0)} ms, ${expired.toLocaleString('en')} of them expire`,
    `  ${plain.toFixed(1)} × as fast as a filter and a sort per rule (goal ≥ 20), ${different} verdicts differ (goal 0)`,
    `  ${growth.toFixed(1)} × as long as for a tenth of them (goal ≤ 20)`,
    `  ${held.toFixed(0)} MB held while they come page by page (goal ≤ 60), ${resident.toFixed(0)} MB more resident`,
  ]
}

if (import.meta.main) {
  const [what] = process.argv.slice(2)
  if (what === undefined) console.log(lifecycleLines().join('\n'))
  else console.log(JSON.stringify(what === 'memory' ? measureMemory() : measureSpeed()))
}
