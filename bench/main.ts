import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { run } from '../local/user-error.ts'
import { burst } from './burst.ts'
import { check, throttledCheck } from './check.ts'
import { cleanUpPlan, largePlan } from './clean-up-plan.ts'
import { coldStarts } from './cold-start.ts'
import { comparisonLine } from './comparison.ts'
import { findLines } from './find.ts'
import { gateLines } from './gate.ts'
import { lifecycleLines } from './lifecycle.ts'
import { pushCheckCalls } from './push-check.ts'
import { pageLines, reportPage } from './report-page.ts'
import { imagesPerSecond } from './rules.ts'
import { sbomReading } from './sbom.ts'
import { signatureLines } from './signatures.ts'
import { startUp } from './start-up.ts'
import { sweepLines } from './sweep.ts'
import { PUSH, startBench } from './world.ts'

const HELP = `Measures what the docs claim, and prints it. Ratios are of runs in turn on this machine.

  npm run bench                  15 rounds of each cold start and of gate, the burst, check over 1,000 repositories, and sweep over
                                 10,000, at last with a million images, which takes long: node bench/sweep.ts 1000
  npm run bench -- --rounds N    more or fewer
`

async function commandLine(rounds: number): Promise<void> {
  console.log(comparisonLine(await startUp(rounds)))
  for (const told of await gateLines(rounds)) console.log(told)
  const { calls, seconds, ratio } = await check()
  console.log(`check: 1,000 repositories at 20 to 50 ms a call, ${calls} calls in ${seconds.toFixed(1)} s`)
  console.log(`  ${ratio.toFixed(0)} × one call at a time (goal ≥ 40)`)
  for (const args of [[], ['--rate', '50']]) {
    const throttled = await throttledCheck(...args)
    const { ratio: longer, throttles, failed } = throttled
    console.log(`${['check', ...args].join(' ')}: the same, throttled at 50 calls a second of each operation`)
    console.log(
      `  ${longer.toFixed(2)} × calls ÷ rate (goal ≤ 1.25), ${failed} failed (goal 0), ${throttles} throttled`,
    )
  }
}

async function planning(): Promise<void> {
  const { images, calls, notOnce, seconds, ratio, planned, memory } = await cleanUpPlan()
  console.log(`clean-up plan: ${images} images in 1,000 repositories at 200 ms a call, ${planned} planned`)
  console.log(`  ${calls} calls, ${notOnce} pages of images not read just once (goal 0), ${seconds.toFixed(0)} s`)
  console.log(`  ${ratio.toFixed(2)} × calls × latency ÷ 20 at once (goal ≤ 1.5), ${memory} MB at most`)
  const large = largePlan()
  console.log(`  a repository of ${large.images} images: ${large.planned} planned in ${large.seconds.toFixed(0)} s`)
  console.log(`  ${large.memory} MB resident at most (goal ≤ 600)`)
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '15' }, help: { type: 'boolean', short: 'h', default: false } },
  })
  if (values.help) return console.log(HELP)
  console.log(`rules: ${imagesPerSecond()} images/s, each judged by every rule on images (goal ≥ 100,000)`)
  for (const told of [...lifecycleLines(), ...findLines(), ...(await signatureLines())]) console.log(told)
  const { packages, seconds, megabytes } = sbomReading(20)
  console.log(`sbom: 20 MB of SPDX, ${packages} packages, in ${seconds.toFixed(1)} s`)
  console.log(`  ${megabytes} MB resident above baseline at most (goal ≤ 150)`)
  const bench = await startBench()
  try {
    for (const comparison of await coldStarts(bench, Number(values.rounds))) console.log(comparisonLine(comparison))
    const push = await pushCheckCalls(bench, PUSH)
    console.log(`push-check: ${push.settings} calls of ECR, without ${push.content} for content (goal ≤ 5)`)
    const { events, perSecond, alerts, memory } = await burst(bench)
    console.log(`burst: ${events} events of ${events} images → ${alerts} alerts and Slack messages`)
    console.log(`  ${perSecond} events/s (goal ≥ 100)`)
    console.log(`  memory of the functions, MB: ${memory.map(({ functions }) => functions).join(', ')}`)
    console.log(`  memory of the run with the emulated AWS, MB: ${memory.map(({ run }) => run).join(', ')}`)
  } finally {
    await bench.world.close()
  }
  await commandLine(Number(values.rounds))
  await planning()
  for (const told of [...(await sweepLines()), ...pageLines(await reportPage())]) console.log(told)
  const { stdout } = spawnSync(process.execPath, ['scripts/budgets.ts'], { encoding: 'utf8' })
  console.log(stdout.trim())
}

await run(main)
