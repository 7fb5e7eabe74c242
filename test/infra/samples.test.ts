import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseEvent } from '../../functions/events/parse.ts'
import { judge } from '../../functions/scan-alert/group.ts'
import { compilePattern } from '../../local/runtime/matcher.ts'
import { shippedConfig, synthesise } from './synth.ts'

const EVENTS = join(import.meta.dirname, '../../events')

const { alerts, ...rest } = shippedConfig()
const rules = synthesise({ alerts, ...rest })
  .ofType('AWS::Events::Rule')
  .map(([, { Properties, Metadata }]) => ({
    id: String(Metadata['aws:cdk:path']).split('/').at(-2) ?? '',
    matches: compilePattern(Properties.EventPattern),
  }))

const matching = (event: object): string[] => rules.filter(({ matches }) => matches(event)).map(({ id }) => id)

type Sample = { readonly name: string; readonly event: object }

const samples: readonly Sample[] = readdirSync(EVENTS)
  .filter((file) => file.endsWith('.json'))
  .flatMap((file): Sample[] => {
    const value: unknown = JSON.parse(readFileSync(join(EVENTS, file), 'utf8'))
    return Array.isArray(value)
      ? value.map((event, index) => ({ name: `${file}#${index + 1}`, event }))
      : [{ name: file, event: value as object }]
  })

type Verdict = 'worth a look' | 'not worth a look' | 'malformed'

const verdictOf = ({ event }: Sample): Verdict => {
  try {
    return judge(parseEvent(event), alerts).worth ? 'worth a look' : 'not worth a look'
  } catch {
    return 'malformed'
  }
}

const byVerdict = Map.groupBy(samples, verdictOf)
const named = (verdict: Verdict) => (byVerdict.get(verdict) ?? []).map(({ name, event }) => [name, event] as const)

describe('the rules of the synthesised template', () => {
  it.each(named('worth a look'))('let %s through, once', (_, event) => {
    expect(matching(event)).toHaveLength(1)
  })

  it.each(named('not worth a look'))('stop %s, unless its counts are empty', (_, event) => {
    const { detail } = event as { detail?: { 'finding-severity-counts'?: object } }
    const isEmpty = JSON.stringify(detail?.['finding-severity-counts']) === '{}'
    expect(matching(event)).toEqual(isEmpty ? ['BasicScanUncounted'] : [])
  })

  it.each(named('malformed'))('bring %s to the function at most once, which says what is wrong', (_, event) => {
    expect(matching(event).length).toBeLessThanOrEqual(1)
  })

  it.each([
    ['basic-scan-high-only.json', ['BasicScan']],
    ['basic-scan-critical.json', ['BasicScan']],
    ['basic-scan-medium-only.json', []],
    ['basic-scan-failed.json', ['BasicScanFailed']],
    ['basic-scan-counts-absent.json', ['BasicScanUncounted']],
    ['enhanced-scan-in-china.json', ['EnhancedScan']],
    ['enhanced-scan-of-lambda-function.json', []],
    ['enhanced-finding-new-cve.json', ['EnhancedFinding']],
    ['enhanced-finding-closed.json', []],
    ['push-with-tag.json', []],
  ])('answer %s with %j', (file, expected) => {
    const sample = samples.find(({ name }) => name === file)
    expect(matching(sample?.event ?? {})).toEqual(expected)
  })
})
