import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { run } from '../local/user-error.ts'
import { burst } from './burst.ts'
import { type Comparison, coldStarts } from './cold-start.ts'
import { startBench } from './world.ts'

const HELP = `Measures what the docs claim, and prints it. Ratios are of runs in turn on this machine.

  npm run bench                  15 rounds of each cold start, and the burst
  npm run bench -- --rounds N    more or fewer
`

const line = ({ name, goal, result }: Comparison): string =>
  typeof result === 'string'
    ? `${name}\n  ${result}`
    : `${name}\n  ${result.ratio.toFixed(2)} × (${result.a.toFixed(0)} ms against ${result.b.toFixed(0)} ms, medians of ${result.rounds} pairs; goal ${goal})`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '15' }, help: { type: 'boolean', short: 'h', default: false } },
  })
  if (values.help) return console.log(HELP)
  const bench = await startBench()
  try {
    for (const comparison of await coldStarts(bench, Number(values.rounds))) console.log(line(comparison))
    const { events, perSecond, alerts, memory } = await burst(bench)
    console.log(`burst: ${events} events of ${events} images → ${alerts} alerts and Slack messages`)
    console.log(`  ${perSecond} events/s (goal ≥ 100)`)
    console.log(`  memory of the functions, MB: ${memory.map(({ functions }) => functions).join(', ')}`)
    console.log(`  memory of the run with the emulated AWS, MB: ${memory.map(({ run }) => run).join(', ')}`)
  } finally {
    await bench.world.close()
  }
  const { stdout } = spawnSync(process.execPath, ['scripts/budgets.ts'], { encoding: 'utf8' })
  console.log(stdout.trim())
}

await run(main)
