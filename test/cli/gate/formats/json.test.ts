import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { format as json } from '../../../../cli/gate/formats/json.ts'
import { format as ndjson } from '../../../../cli/gate/formats/ndjson.ts'
import { GATE_DESCRIPTIONS } from '../../../../scripts/gate-descriptions.ts'
import { everywhere, full, LOOK, many, RESULTS } from '../results.ts'
import { anyText } from './texts.ts'

const schema = JSON.parse(readFileSync('docs/gate.schema.json', 'utf8'))
const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/
const ajv = new Ajv({ strict: false, formats: { 'date-time': INSTANT, date: /^\d{4}-\d\d-\d\d$/ } })
const isValid = ajv.compile(schema)

const ALL = Object.entries({ ...RESULTS, many })
/** Of C0 the line break alone, nothing of C1, nothing that is not seen. */
const SHOWN = /^[^\p{Cf}\p{Zl}\p{Zp}\p{Cc}]*$/u

describe('json', () => {
  it.each(ALL)('writes %s as docs/gate.schema.json has it, and whole', (_, make) => {
    const result = make()
    const text = json(result, LOOK)
    expect(JSON.parse(text)).toEqual(result)
    expect(isValid(JSON.parse(text)), ajv.errorsText(isValid.errors)).toBe(true)
    expect(text.split('\n').every((line) => SHOWN.test(line))).toBe(true)
  })

  it('has a schema in which every sentence that was written stands', () => {
    const text = JSON.stringify(schema)
    const missing = Object.entries(GATE_DESCRIPTIONS).filter(([, one]) => !text.includes(JSON.stringify(one)))
    expect(missing).toEqual([])
    expect(text.match(/"description":/g)).toHaveLength(Object.keys(GATE_DESCRIPTIONS).length + 1)
  })

  it('is as it was agreed', async () => {
    await expect(json(RESULTS.excepted?.() ?? full(), LOOK)).toMatchFileSnapshot('__snapshots__/excepted.json')
  })
})

/** The result from its lines. */
function read(text: string): unknown {
  const lines = text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
  const of = (type: string) => lines.filter((line) => line.type === type).map(({ type: _, ...rest }) => rest)
  expect(lines[0].type).toBe('result')
  return { ...of('result')[0], findings: of('finding'), rules: of('rule'), platforms: of('platform') }
}

describe('ndjson', () => {
  it.each(ALL)('writes %s whole, an object a line', (_, make) => {
    const result = make()
    const text = ndjson(result, LOOK)
    expect(read(text)).toEqual(result)
    expect(text.split('\n').every((line) => SHOWN.test(line))).toBe(true)
    expect(text.split('\n')).toHaveLength(2 + result.findings.length + result.rules.length + result.platforms.length)
  })

  it('is read as it was written, whatever it holds', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const result = everywhere(text, full())
        expect(read(ndjson(result, LOOK))).toEqual(result)
        expect(JSON.parse(json(result, LOOK))).toEqual(result)
      }),
    )
  })

  it.each(['failing', 'passing', 'unknown', 'excepted'])('is as it was agreed: %s', async (name) => {
    await expect(ndjson(RESULTS[name]?.() ?? full(), LOOK)).toMatchFileSnapshot(`__snapshots__/${name}.ndjson`)
  })
})
