import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { bundlesOf, cliBundle, overBudget, table } from '../../scripts/budgets.ts'

const assembly = mkdtempSync(join(tmpdir(), 'steward-budgets-'))
afterAll(() => rmSync(assembly, { recursive: true }))

mkdirSync(join(assembly, 'asset.1'))
writeFileSync(join(assembly, 'asset.1/index.js'), 'x'.repeat(2_048))
writeFileSync(join(assembly, 'asset.1/later.js'), 'x'.repeat(1_024))
writeFileSync(
  join(assembly, 'Steward.template.json'),
  JSON.stringify({
    Resources: {
      Worker: {
        Type: 'AWS::Lambda::Function',
        Properties: { Description: 'scan-alert: alerts' },
        Metadata: { 'aws:asset:path': 'asset.1' },
      },
      Queue: { Type: 'AWS::SQS::Queue' },
    },
  }),
)

const KIB = 1_024

describe('the budgets of bundles', () => {
  it('count all files of the code of a function, and nothing else', () => {
    expect(bundlesOf(assembly)).toEqual([{ name: 'scan-alert', files: { 'index.js': 2_048, 'later.js': 1_024 } }])
  })

  it('are 40 KiB for notify and 300 for a function with the SDK', () => {
    const bundle = (name: string, kib: number) => ({ name, files: { 'index.js': kib * KIB } })
    expect(overBudget([bundle('notify', 40), bundle('scan-alert', 300)])).toEqual([])
    expect(overBudget([bundle('notify', 40.1), bundle('scan-alert', 300.1)])).toEqual(['notify', 'scan-alert'])
  })

  it('are shown next to what there is', () => {
    expect(table(bundlesOf(assembly))).toEqual(['scan-alert     3.0 KiB of  300   index.js 2.0, later.js 1.0'])
  })

  it('hold the command line, whose first file is small: it is all that --version reads', async () => {
    const bundle = await cliBundle()
    expect(overBudget([bundle])).toEqual([])
    expect(bundle.files['ecr-steward.cjs']).toBeLessThan(8 * KIB)
  })
})
