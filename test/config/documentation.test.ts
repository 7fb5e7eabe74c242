import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { faultText } from '../../config/fault.ts'
import { parseConfig } from '../../config/parse.ts'
import { explainPolicy } from '../../functions/domain/explain-policy.ts'
import { matches } from '../../functions/domain/pattern.ts'
import { METRICS } from '../../functions/sweep/contract.ts'
import { sweepMetrics } from '../../functions/sweep/sweep-metrics.ts'
import { sampleReport } from '../domain/sweep/sample-report.ts'
import { NOW, policyFile } from './read.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const TEXT = readFileSync(resolve(ROOT, 'docs/configuration.md'), 'utf8')

const blocks = (language: string): string[] =>
  [...TEXT.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, block = '']) => block)

const words = (cell: string | undefined): string[] =>
  [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, word = '']) => word)

const rows = (heading: string): string[][] =>
  (TEXT.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').slice(1, -1))

type Node = { properties?: Record<string, Node>; items?: Node; additionalProperties?: Node | false }

/** Keys of the schema as the table writes them. */
function keysOf({ properties = {}, items, additionalProperties }: Node, path = ''): string[] {
  const own = Object.entries(properties).flatMap(([name, node]) => {
    const inner = path === '' ? name : `${path}.${name}`
    // The rules have a page of their own.
    return name === 'rules' ? [inner] : [inner, ...keysOf(node, inner)]
  })
  return [
    ...own,
    ...(items ? keysOf(items, `${path}[]`) : []),
    ...(additionalProperties ? keysOf(additionalProperties, `${path}.*`) : []),
  ]
}

describe('docs/configuration.md', () => {
  it.each(blocks('yaml'))('shows files that are valid and not warned about: %#', (block) => {
    expect(parseConfig(block, 'steward.yaml', NOW, policyFile)).toMatchObject({ warnings: [] })
  })

  it('shows faults as they are printed', () => {
    const result = parseConfig(
      `alerts:
  - repositories: ["**"]
    threshold: HIHG
    to: [slack:secuirty]
channels: { security: { slack-webhook: { secret: a } } }`,
      'steward.yaml',
      NOW,
    )

    expect('faults' in result && result.faults.map(faultText)).toEqual(blocks('text').join('').trim().split('\n'))
  })

  it('is right about which entry decides on which rule', () => {
    const example = blocks('yaml').find((block) => block.includes('exceptions:')) ?? ''
    const result = parseConfig(example, 'steward.yaml', NOW)
    if ('faults' in result) throw new Error('the example is wrong')
    const table = TEXT.split('## What is asked: policy\n')[1]?.split('\n## ')[0] ?? ''
    const [head = [], , ...lines] = table
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      )
    expect(lines).toHaveLength(3)
    for (const [first = '', ...cells] of lines) {
      const { rules } = explainPolicy(result.config, words(first)[0] ?? 'other', NOW)
      const modes = head.slice(1).map((id) => rules.find(({ rule }) => rule.id === words(id)[0])?.mode ?? 'not asked')
      expect(cells.map((cell) => cell.split(',')[0])).toEqual(modes)
    }
  })

  it('has a row for every key that takes a value, and none for a key that is gone', () => {
    const schema = JSON.parse(readFileSync(resolve(ROOT, 'steward.schema.json'), 'utf8')) as Node
    const documented = rows('Every key').flatMap(([key]) => words(key))

    expect(documented).toEqual(keysOf(schema).filter((key) => key !== 'channels.*.slack-webhook'))
  })

  it.each(
    rows('Patterns').map(([pattern, yes, no]) => ({
      pattern: words(pattern)[0] ?? '',
      yes: words(yes),
      no: words(no),
    })),
  )('is right about the pattern $pattern', ({ pattern, yes, no }) => {
    for (const name of yes) expect({ name, matches: matches(pattern, name) }).toEqual({ name, matches: true })
    for (const name of no) expect({ name, matches: matches(pattern, name) }).toEqual({ name, matches: false })
  })

  it('names every metric of a sweep, in its order, with its unit', () => {
    const written = sweepMetrics(sampleReport())
    const units = Object.values(METRICS).map((name) => [name, (written[name]?.unit ?? 'Count').toLowerCase()])

    expect(Object.keys(written)).toHaveLength(units.length - 1)
    expect(rows('What is swept: sweep').map(([name, unit]) => [words(name)[0], unit?.trim()])).toEqual(units)
  })
})
