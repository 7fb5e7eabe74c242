import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import { reportHtml } from '../functions/domain/sweep/page/report-html.ts'
import type { ImageReport, RepositoryReport, SweepReport } from '../functions/domain/sweep/report.ts'

const REPOSITORIES = 10_000
const OWNERS = 40
/** Repositories of which the report itself holds what is open: those with the lowest scores, as far as its bytes go. */
const DETAILED = 100
const NOW = '2026-11-24T21:00:00.000Z'

const digest = (n: number): string => `sha256:${n.toString(16).padStart(64, '0')}`

const sums = (n: number) => ({
  repositories: 1,
  images: 100,
  unscanned: 0,
  bytes: 12_345_678_901 + n * 1_234_567,
  dollarsPerMonth: 1.2346 + n / 10_000,
  removableBytes: 2_345_678_901 + n * 34_567,
  removableDollarsPerMonth: 0.2346 + n / 100_000,
  findings: { CRITICAL: n % 41, HIGH: n % 173, MEDIUM: n % 509, LOW: n % 97 },
  overdue: n % 3 === 0 ? { CRITICAL: n % 11 } : {},
  fails: n % 7,
  unknowns: n % 2,
  excepted: n % 5,
})

const image = (n: number): ImageReport => ({
  digest: digest(n),
  tags: [`1.${n}.0`],
  pushedAt: NOW,
  sizeBytes: 412_345_678,
  users: [],
  scan: 'complete',
  counts: { CRITICAL: 2, HIGH: 6 },
  verdicts: [],
  findings: Array.from({ length: 8 }, (_, f) => ({
    ...{
      id: `CVE-2026-${10_000 + ((n * 8 + f) % 60_000)}`,
      severity: f < 2 ? ('CRITICAL' as const) : ('HIGH' as const),
    },
    ...{ package: 'openssl', installed: '3.0.1-1', fixed: '3.0.15-1', days: f * 9, overdue: f > 4 },
    url: `https://nvd.nist.gov/vuln/detail/CVE-2026-${10_000 + n}`,
  })),
  omitted: 40,
})

const repository = (n: number): RepositoryReport => ({
  account: '123456789012',
  region: 'ap-northeast-1',
  repository: `team-${n % OWNERS}/service-${n}/backend`,
  owner: `team-${n % OWNERS}`,
  score: Math.floor(n / 101),
  losses: [
    { why: `${n % 41} critical findings`, points: 40 },
    { why: `${n % 7} fails`, points: 12 },
  ],
  ...sums(n),
  unread: [],
  ...(n < DETAILED && {
    details: { verdicts: [], lints: [], images: Array.from({ length: 100 }, (_, i) => image(n * 100 + i)), omitted: 0 },
  }),
})

/** A report of as many repositories with 100 images each; with more detail than a page of 5 MB can hold. */
function report(): SweepReport {
  const registry = { account: '123456789012', region: 'ap-northeast-1' }
  return {
    ...({ schemaVersion: 1, id: '2026-11-24t21', startedAt: NOW, endedAt: NOW, verdict: 'fail', score: 50 } as const),
    targets: [{ ...registry, listed: REPOSITORIES, judged: REPOSITORIES, problem: null }],
    coverage: { listed: REPOSITORIES, judged: REPOSITORIES, notWhole: 0, complete: true, notJudged: [], omitted: 0 },
    ...{ losses: [], totals: sums(1), since: null, ownersOmitted: 0, fixes: [], rules: [], ages: [] },
    trend: Array.from({ length: 90 }, (_, n) => ({ at: NOW, score: 40 + (n % 30), ...sums(n) })),
    owners: Array.from({ length: OWNERS }, (_, n) => ({ owner: `team-${n}`, score: n * 2, losses: [], ...sums(n) })),
    ...{ exceptions: [], registries: [], ancestry: { bases: [], omitted: 0, inherited: 0, own: 0, unplaced: 0 } },
    repositories: Array.from({ length: REPOSITORIES }, (_, n) => repository(n)),
  }
}

export type PageNumbers = {
  readonly megabytes: number
  readonly details: number
  /** Milliseconds. */
  readonly made: number
  readonly firstView: number
  readonly sorted: number
}

/** The page of 10,000 repositories with 100 images each: its size, and how soon Chromium shows it; medians of five openings. */
export async function reportPage(): Promise<PageNumbers> {
  const folder = mkdtempSync(join(tmpdir(), 'steward-bench-'))
  const file = join(folder, 'report.html')
  const all = report()
  const began = performance.now()
  const page = reportHtml(all)
  const made = performance.now() - began
  writeFileSync(file, page)
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking'],
  })
  try {
    const times: Awaited<ReturnType<typeof opening>>[] = []
    for (let n = 0; n < 5; n++) times.push(await opening(browser, pathToFileURL(file).href))
    const median = (of: 'firstView' | 'sorted'): number =>
      times.map((one) => one[of]).sort((a, b) => a - b)[2] as number
    const details = Object.keys(JSON.parse(page.match(/id="data">([^<]*)</)?.[1] ?? '{}').details).length
    const megabytes = Buffer.byteLength(page) / 1_000_000
    return { megabytes, details, made, firstView: median('firstView'), sorted: median('sorted') }
  } finally {
    await browser.close()
    rmSync(folder, { recursive: true })
  }
}

/** First contentful paint, and a press on a head of the table until 200 rows of 10,000 are drawn in their order. */
async function opening(browser: Awaited<ReturnType<typeof chromium.launch>>, url: string) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  await page.goto(url)
  const paint = `new Promise((done) => new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (one.name === 'first-contentful-paint') done(one.startTime)
  }).observe({ type: 'paint', buffered: true }))`
  const firstView = (await page.evaluate(paint)) as number
  const press = `(() => { const began = performance.now(); document.querySelector('[data-sort=dollars]').click(); return performance.now() - began })()`
  const sorted = (await page.evaluate(press)) as number
  await page.close()
  return { firstView, sorted }
}

export const pageLines = ({ megabytes, details, made, firstView, sorted }: PageNumbers): readonly string[] => [
  `report.html: 10,000 repositories × 100 images, ${megabytes.toFixed(2)} MB (goal ≤ 5), made in ${made.toFixed(0)} ms`,
  `  first view in Chromium after ${firstView.toFixed(0)} ms (goal ≤ 2,000), sorted in ${sorted.toFixed(0)} ms, ${details} repositories unfold whole`,
]

if (import.meta.main) for (const line of pageLines(await reportPage())) console.log(line)
