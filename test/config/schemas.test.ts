import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseConfig } from '../../config/parse.ts'
import { EXAMPLES } from '../../config/schema.ts'
import type { Alert } from '../../functions/domain/alert.ts'
import { ALERT_DESCRIPTIONS } from '../../scripts/alert-descriptions.ts'
import { generatedFiles, outdated, refresh } from '../../scripts/schemas.ts'
import { around, NOW, policyFile } from './read.ts'

const ROOT = resolve(import.meta.dirname, '../..')

const schema = (path: string) => JSON.parse(readFileSync(resolve(ROOT, path), 'utf8'))

const validator = (path: string) => new Ajv({ allErrors: true }).compile(schema(path))

const isConfig = validator('steward.schema.json')
const isAlert = validator('docs/alert.schema.json')

it('the committed schemas are what npm run schemas writes', () => {
  expect(outdated(ROOT)).toEqual([])
})

it('schemas that are out of date fail the check, are written, and pass it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-schemas-'))
  mkdirSync(join(folder, 'docs'))
  const paths = generatedFiles()
    .map(({ path }) => path)
    .join(', ')
  try {
    expect(refresh(folder, true)).toEqual({
      code: 1,
      line: `Out of date: ${paths}. Run npm run schemas and commit what it writes.`,
    })
    expect(refresh(folder, false)).toEqual({ code: 0, line: `Written: ${paths}` })
    expect(refresh(folder, true)).toEqual({ code: 0, line: 'Schemas are up to date.' })
  } finally {
    rmSync(folder, { recursive: true })
  }
})

describe('the schema of the configuration', () => {
  it('takes the shipped file', () => {
    expect(isConfig(parse(readFileSync(resolve(ROOT, 'steward.yaml'), 'utf8')))).toBe(true)
  })

  it('is what the first line of the shipped file leads an editor to', () => {
    expect(readFileSync(resolve(ROOT, 'steward.yaml'), 'utf8').split('\n')[0]).toBe(
      '# yaml-language-server: $schema=./steward.schema.json',
    )
  })

  it('has words for every key', () => {
    const bare: string[] = []
    const walk = (node: Record<string, unknown>, path: string): void => {
      for (const [name, child] of Object.entries((node.properties ?? {}) as Record<string, Record<string, unknown>>)) {
        if (typeof child.description !== 'string') bare.push(`${path}${name}`)
        walk(child, `${path}${name}.`)
      }
      for (const key of ['items', 'additionalProperties']) {
        const child = node[key]
        if (typeof child === 'object' && child !== null) walk(child as Record<string, unknown>, path)
      }
    }
    walk(schema('steward.schema.json'), '')

    expect(bare).toEqual([])
  })
})

describe('the example for a key that is missing', () => {
  it.each(Object.entries(EXAMPLES))('%s is one that the reader takes', (key, example) => {
    const about = 'finding: CVE-2026-1234, repositories: ["**"]'
    const inside: Record<string, string> = {
      alerts: example,
      repositories: `alerts: [{ ${example}, to: [sns] }]`,
      to: `alerts: [{ repositories: ["**"], ${example} }]`,
      'slack-webhook': `alerts: [{ repositories: ["**"], to: [sns] }]\nchannels: { a: { ${example} } }`,
      secret: `alerts: [{ repositories: ["**"], to: [sns] }]\nchannels: { a: { slack-webhook: { ${example} } } }`,
      'external-id': around(`members: { ${example} }`),
      email: around(`operations: { ${example} }`),
      mode: around(`policy: [{ repositories: ["**"], rules: { tag-immutability: { ${example} } } }]`),
      reason: around(`exceptions: [{ ${example}, owner: a, expires: 2027-01-31, ${about} }]`),
      owner: around(`exceptions: [{ reason: a, ${example}, expires: 2027-01-31, ${about} }]`),
      policy: around(`clean-up: { to: [sns], policies: [{ repositories: ["**"], ${example} }] }`),
      expires: around(`exceptions: [{ reason: a, owner: a, ${example}, ${about} }]`),
    }

    expect(parseConfig(inside[key] ?? '', 'steward.yaml', NOW, policyFile)).toHaveProperty('config')
  })
})

describe('the schema of the alert', () => {
  const alert: Alert = {
    version: 1,
    id: 'a1',
    kind: 'vulnerabilities',
    severity: 'CRITICAL',
    title: '1 critical in prod/api:1.4.2',
    summary: '1 new',
    subject: {
      account: '123456789012',
      region: 'eu-west-1',
      repository: 'prod/api',
      digest: 'sha256:aa',
      tags: ['1.4.2'],
    },
    facts: [{ name: 'Image', value: 'prod/api:1.4.2' }],
    counts: { CRITICAL: 1, LOW: 4 },
    items: [
      {
        id: 'CVE-2026-1234',
        severity: 'CRITICAL',
        change: 'new',
        subject: 'openssl',
        text: '3.0.1 → 3.0.15',
        notes: ['CVSS 9.8'],
        url: 'https://nvd.nist.gov/vuln/detail/CVE-2026-1234',
      },
    ],
    omitted: 0,
    todo: '1 of 1 is fixed by upgrading 1 package: openssl.',
    command: 'docker pull …',
    links: [{ text: 'Open in the console', url: 'https://eu-west-1.console.aws.amazon.com/ecr' }],
    notices: [],
    channels: ['security'],
    createdAt: '2026-11-24T00:00:00.000Z',
    events: ['e1'],
  }

  it('takes an alert', () => {
    expect(isAlert(alert), JSON.stringify(isAlert.errors)).toBe(true)
  })

  it.each([
    ['another version', { version: 2 }],
    ['a severity that does not exist', { severity: 'SEVERE' }],
    ['counts of a severity that does not exist', { counts: { SEVERE: 1 } }],
    ['a link that is not https', { links: [{ text: 'x', url: 'http://example.com' }] }],
  ])('refuses %s', (_, change) => {
    expect(isAlert({ ...alert, ...change })).toBe(false)
  })

  it('has words for every field, and no words for fields that are gone', () => {
    const fields: string[] = []
    const walk = (node: Record<string, unknown>, path: string): void => {
      for (const [name, child] of Object.entries((node.properties ?? {}) as Record<string, Record<string, unknown>>)) {
        const inner = path === '' ? name : `${path}.${name}`
        fields.push(inner)
        expect(child.description).toBe(ALERT_DESCRIPTIONS[inner])
        walk(child, inner)
        if (child.items) walk(child.items as Record<string, unknown>, `${inner}[]`)
      }
    }
    walk(schema('docs/alert.schema.json'), '')

    expect(fields.sort()).toEqual(Object.keys(ALERT_DESCRIPTIONS).sort())
  })
})
