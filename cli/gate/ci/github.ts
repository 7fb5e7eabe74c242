import { appendFileSync, statSync } from 'node:fs'
import type { GateResult } from '../../../functions/domain/gate/result.ts'
import { listed } from '../../../functions/domain/listed.ts'
import type { Io } from '../../io.ts'
import { oneLine, painter } from '../../terminal.ts'
import { type Annotation, annotate, inert } from '../../workflow-commands.ts'
import { markdownWithin } from '../formats/markdown.ts'
import {
  adviceText,
  closesText,
  headline,
  imageName,
  openRules,
  platformName,
  platformRemedy,
  upgradeText,
} from '../words.ts'

/**
 * Bytes that the summary of a step may have, with what is in it already: GitHub drops the whole of one over 1,024 KiB.
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#step-isolation-and-limits
 */
const SUMMARY = 1_000_000
/** Bytes of the part of one image: other steps and images want room too. */
const PART = 65_000
/** GitHub shows ten of a step; a job often gates several images. */
const ANNOTATIONS = 5
/** Cells of the text of an annotation. */
const LONGEST = 500

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

/** Adds the result to the summary of the job. What goes wrong is told, and changes nothing else. */
function addSummary(result: GateResult, path: string, { stderr }: Io): void {
  const warn = (text: string): void =>
    void stderr.write(`${painter(stderr)('yellow', 'warning:')} ${inert(oneLine(text))}\n`)
  try {
    const size = sizeOf(path)
    const before = size > 0 ? '\n' : ''
    const text = markdownWithin(result, Math.min(PART, SUMMARY - size - before.length))
    if (text === '') warn('The job summary is full: this result is not in it.')
    else appendFileSync(path, before + text)
  } catch (error) {
    warn(`The job summary could not be written: ${error instanceof Error ? error.message : error}`)
  }
}

type Told = Omit<Annotation, 'file'>

const LEVELS = { pass: 'notice', fail: 'error', unknown: 'error' } as const

function verdictTold(result: GateResult): Told {
  const { word, text } = headline(result)
  const level = result.lenient && result.verdict === 'unknown' ? 'warning' : LEVELS[result.verdict]
  return { level, title: `ecr-steward: ${word}`, message: text }
}

/** What to do about findings over a limit: upgrades, those first that close most. */
function fixesTold(result: GateResult): readonly Told[] {
  const upgrades = result.upgrades.filter(({ over }) => over > 0)
  const advice = adviceText(result)
  return [
    ...upgrades.map((one) => ({
      level: 'error' as const,
      title: upgradeText(one),
      message: `${imageName(result)}: ${closesText(one)}: ${listed(one.ids)}`,
    })),
    ...(advice === undefined ? [] : [{ level: 'error' as const, title: 'No upgrade is known', message: advice }]),
  ]
}

const rulesTold = (result: GateResult): readonly Told[] =>
  openRules(result).map(({ rule, outcome, reason, fix }) => ({
    level: outcome === 'fail' ? 'error' : 'warning',
    title: `${rule}: ${outcome}`,
    message: `${reason}${fix === undefined ? '' : ` ${fix.text}`}`,
  }))

const platformsTold = ({ platforms }: GateResult): readonly Told[] =>
  platforms
    .filter(({ problem }) => problem !== undefined)
    .map((one) => ({
      level: 'warning',
      title: `Not known: ${platformName(one)}`,
      message: [one.problem, platformRemedy(one)].filter(Boolean).join(' '),
    }))

/** The verdict, then what to do, the worst first: at most five. */
const annotationsOf = (result: GateResult): readonly Told[] =>
  [verdictTold(result), ...fixesTold(result), ...rulesTold(result), ...platformsTold(result)].slice(0, ANNOTATIONS)

/**
 * Tells GitHub Actions of a result: as a part of the job summary, and as annotations of the file that the image comes from.
 * @param source path of that file in the project
 */
export function tellGitHub(result: GateResult, source: string, io: Io): void {
  const path = io.env.GITHUB_STEP_SUMMARY
  if (path) addSummary(result, path, io)
  for (const { level, title, message } of annotationsOf(result))
    io.stderr.write(
      annotate({ level, file: oneLine(source), title: oneLine(title, LONGEST), message: oneLine(message, LONGEST) }),
    )
}
