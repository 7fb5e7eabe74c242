import { runModel } from './scenario.ts'

const add = (sums: Record<string, number>, more: Readonly<Record<string, number>>): void => {
  for (const [name, count] of Object.entries(more)) sums[name] = (sums[name] ?? 0) + count
}

/** Seeds `first` and so on. Ends at the first run that violates something, and shows it step by step. */
export async function runMany(
  count: number,
  first: number,
): Promise<{ readonly failed?: number; readonly sums: Record<string, number> }> {
  const sums: Record<string, number> = {}
  for (let seed = first; seed < first + count; seed++) {
    const { violations, windows, trace, deletions, archivings, crashes, steps } = await runModel(seed)
    add(sums, { deletions, archivings, crashes, steps })
    add(sums, Object.fromEntries(Object.entries(windows).map(([name, times]) => [`unwinnable: ${name}`, times])))
    if (violations.length === 0) continue
    console.log(trace.slice(-60).join('\n'))
    console.log(`seed ${seed}: ${violations.join('\n')}`)
    return { failed: seed, sums }
  }
  return { sums }
}

if (import.meta.main) {
  const [count = '100000', first = '1'] = process.argv.slice(2)
  const started = performance.now()
  const { failed, sums } = await runMany(Number(count), Number(first))
  console.log(sums)
  console.log(`${count} runs, ${((performance.now() - started) / 1_000).toFixed(1)} s`)
  process.exitCode = failed === undefined ? 0 : 1
}
