import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compilePattern } from '../../cli/replay/pattern/matcher.ts'
import { stackRules } from '../../cli/replay/stack-rules.ts'
import type { StewardEvent } from '../../functions/domain/event.ts'
import { parseEvent } from '../../functions/events/parse.ts'
import * as pushCheck from '../../functions/push-check/group.ts'
import * as scanAlert from '../../functions/scan-alert/group.ts'
import { sort } from '../../functions/watch/job.ts'
import { shippedConfig, synthesise } from './synth.ts'

const EVENTS = join(import.meta.dirname, '../../events')

const config = shippedConfig()
const rules = synthesise(config)
  .ofType('AWS::Events::Rule')
  .map(([, { Properties, Metadata }]) => {
    const [useCase = '', id = ''] = String(Metadata['aws:cdk:path']).split('/').slice(1)
    return { useCase, id, matches: compilePattern(Properties.EventPattern) }
  })

/** `ScanAlert/BasicScan` */
const matching = (event: object): string[] =>
  rules.filter(({ matches }) => matches(event)).map(({ useCase, id }) => `${useCase}/${id}`)

type Sample = { readonly name: string; readonly event: object; readonly parsed: StewardEvent | 'malformed' }

const parsed = (event: object): StewardEvent | 'malformed' => {
  try {
    return parseEvent(event)
  } catch {
    return 'malformed'
  }
}

const samples: readonly Sample[] = readdirSync(EVENTS)
  .filter((file) => file.endsWith('.json'))
  .flatMap((file) => {
    const value: unknown = JSON.parse(readFileSync(join(EVENTS, file), 'utf8'))
    return Array.isArray(value)
      ? value.map((event, index) => ({ name: `${file}#${index + 1}`, event, parsed: parsed(event) }))
      : [{ name: file, event: value as object, parsed: parsed(value as object) }]
  })

const homeOf = (event: StewardEvent) => ({
  account: event.type === 'api-call' ? event.registry : event.account,
  region: event.region,
})

/** What each use case does with an event that it can read, whatever registry it is about. */
const WANTS: Readonly<Record<string, (event: StewardEvent) => boolean>> = {
  ScanAlert: (event) => scanAlert.judge(event, config.alerts).worth,
  PushCheck: (event) => 'rules' in pushCheck.judge(event, config, event),
  Watch: (event) => 'kind' in sort({ event, messageId: 'm', receives: 1 }, config, homeOf(event)),
}

const readable = samples.flatMap(({ name, event, parsed }) => (parsed === 'malformed' ? [] : [{ name, event, parsed }]))

describe.each(Object.entries(WANTS))('the rules of %s', (useCase, wants) => {
  const own = (event: object) => matching(event).filter((rule) => rule.startsWith(`${useCase}/`))
  const named = (isWanted: boolean) =>
    readable.filter(({ parsed }) => wants(parsed) === isWanted).map(({ name, event }) => [name, event] as const)

  it.each(named(true))('let %s through, once', (_, event) => {
    expect(own(event)).toHaveLength(1)
  })

  it.each(named(false))('stop %s, unless its counts are empty', (_, event) => {
    const { detail } = event as { detail?: { 'finding-severity-counts'?: object } }
    const isEmpty = JSON.stringify(detail?.['finding-severity-counts']) === '{}' && useCase === 'ScanAlert'
    expect(own(event)).toEqual(isEmpty ? ['ScanAlert/BasicScanUncounted'] : [])
  })
})

it('the rules that ecr-steward replay goes by are those of the template, and let through the same', () => {
  const replayed = stackRules(config)
  const named = replayed.map(({ name }) =>
    name.replace(/[^/]+/, (use) => use.replace(/(?:^|-)./g, (letter) => letter.slice(-1).toUpperCase())),
  )
  expect(named.toSorted()).toEqual(rules.map(({ useCase, id }) => `${useCase}/${id}`).toSorted())
  for (const { name, event } of samples) {
    const through = replayed.flatMap(({ matches }, index) => (matches(event) ? [named[index]] : []))
    expect(through.toSorted(), name).toEqual(matching(event).toSorted())
  }
})

describe('the rules of the synthesised template', () => {
  it.each(samples.filter(({ parsed }) => parsed === 'malformed').map(({ name, event }) => [name, event] as const))(
    'bring %s to one function at most, which says what is wrong',
    (_, event) => {
      expect(matching(event).length).toBeLessThanOrEqual(1)
    },
  )

  it.each([
    ['basic-scan-high-only.json', ['ScanAlert/BasicScan']],
    ['basic-scan-critical.json', ['ScanAlert/BasicScan']],
    ['basic-scan-medium-only.json', []],
    ['basic-scan-failed.json', ['ScanAlert/BasicScanFailed']],
    ['basic-scan-counts-absent.json', ['ScanAlert/BasicScanUncounted']],
    ['enhanced-scan-in-china.json', ['ScanAlert/EnhancedScan']],
    ['enhanced-scan-of-lambda-function.json', []],
    ['enhanced-finding-new-cve.json', ['ScanAlert/EnhancedFinding']],
    ['enhanced-finding-closed.json', []],
    ['push-with-tag.json', ['PushCheck/Push']],
    ['image-deleted.json', []],
    ['replication-failed.json', ['Watch/ReplicationFailed']],
    ['pull-through-cache-failed.json', ['Watch/CacheFailed']],
    ['pull-through-cache-synced.json', []],
    ['scan-frequency-changed.json', []],
  ])('answer %s with %j', (file, expected) => {
    const sample = samples.find(({ name }) => name === file)
    expect(matching(sample?.event ?? {})).toEqual(expected)
  })
})
