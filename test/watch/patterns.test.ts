import { describe, expect, it } from 'vitest'
import { compilePattern } from '../../cli/replay/pattern/matcher.ts'
import type { Mode, PolicyEntry, RegistryPolicy } from '../../functions/domain/policy.ts'
import { parseEvent } from '../../functions/events/parse.ts'
import { REGISTRY_CALLS, REPOSITORY_CALLS } from '../../functions/watch/contract.ts'
import { ARRIVED, watchPatterns } from '../../functions/watch/patterns.ts'

const setting = (rule: string, mode: Mode) => ({ rule, mode, parameters: {}, line: 1 })
const policy = (rule = 'tag-immutability', mode: Mode = 'report'): PolicyEntry[] => [
  { repositories: ['**'], rules: [setting(rule, mode)] },
]
const registry = (mode: Mode = 'report'): RegistryPolicy => ({ rules: [setting('registry-scanning', mode)], slack: [] })
const none: RegistryPolicy = { rules: [], slack: [] }

const matching = (event: object, entries = policy(), rules = registry()): string[] =>
  watchPatterns(entries, rules)
    .filter(({ pattern }) => compilePattern(pattern)(event))
    .map(({ id }) => id)

const HEAD = {
  source: 'aws.ecr',
  account: '123456789012',
  region: 'us-east-1',
  resources: [],
  version: '0',
  id: 'e',
  time: '2026-11-20T09:00:00Z',
}

const call = (eventName: string, detail: object = {}, head: object = {}) => ({
  ...HEAD,
  'detail-type': 'AWS API Call via CloudTrail',
  detail: { eventSource: 'ecr.amazonaws.com', eventName, ...detail },
  ...head,
})

const frequencies = (...changes: readonly [was: string | undefined, is: string][]) => ({
  ...HEAD,
  'detail-type': 'ECR Scan Resource Change',
  detail: {
    'action-type': 'SCAN_FREQUENCY_CHANGE',
    repositories: changes.map(([was, is]) => ({
      'repository-name': 'prod/api',
      'scan-frequency': is,
      ...(was && { 'previous-scan-frequency': was }),
    })),
  },
})

const replication = (result: string) => ({
  ...HEAD,
  'detail-type': 'ECR Replication Action',
  detail: { result, 'action-type': 'REPLICATE', 'repository-name': 'a/b', 'image-digest': `sha256:${'a'.repeat(64)}` },
})

const sync = (status: string) => ({
  ...HEAD,
  'detail-type': 'ECR Pull Through Cache Action',
  detail: { 'sync-status': status, 'repository-name': 'docker-hub/alpine' },
})

describe('the rules of watch', () => {
  it.each(REPOSITORY_CALLS)('let %s through', (name) => {
    expect(matching(call(name))).toEqual(['RepositoryChanged'])
  })

  it.each(REGISTRY_CALLS)('let %s through', (name) => {
    expect(matching(call(name))).toEqual(['RegistryChanged'])
  })

  it.each(['PutImage', 'BatchGetImage', 'DescribeRepositories', 'GetAuthorizationToken', 'BatchDeleteImage'])(
    'stop %s, which changes no setting',
    (name) => {
      expect(matching(call(name))).toEqual([])
    },
  )

  it('stop a call that was refused, and one of another service', () => {
    expect(matching(call('DeleteRepository', { errorCode: 'AccessDenied' }))).toEqual([])
    expect(matching(call('TagResource', { eventSource: 'ecr-public.amazonaws.com' }))).toEqual([])
    expect(matching(call('TagResource', {}, { source: 'aws.ecs' }))).toEqual([])
  })

  it('ask for no call where no rule is in force', () => {
    expect(matching(call('DeleteRepository'), [], none)).toEqual([])
    expect(matching(call('DeleteRepository'), policy('tag-immutability', 'off'))).toEqual([])
    expect(matching(call('DeleteRepository'), policy('max-image-size'))).toEqual([])
    expect(matching(call('PutRegistryPolicy'), policy(), registry('off'))).toEqual([])
  })

  it.each([
    ['CONTINUOUS_SCAN', 'MANUAL'],
    ['CONTINUOUS_SCAN', 'SCAN_ON_PUSH'],
    ['SCAN_ON_PUSH', 'MANUAL'],
    ['SCAN_ON_PUSH', 'A_WORD_OF_TOMORROW'],
  ])('let a repository through that is scanned %s no more but %s', (was, is) => {
    expect(matching(frequencies([was, is]), [], none)).toEqual(['ScanningWeakened'])
    expect(matching(frequencies(['MANUAL', 'CONTINUOUS_SCAN'], [was, is]))).toEqual(['ScanningWeakened'])
  })

  it('stop repositories that are scanned more often, also where the two words are of two repositories', () => {
    expect(matching(frequencies(['MANUAL', 'SCAN_ON_PUSH']))).toEqual([])
    expect(matching(frequencies(['SCAN_ON_PUSH', 'CONTINUOUS_SCAN']))).toEqual([])
    expect(matching(frequencies(['SCAN_ON_PUSH', 'CONTINUOUS_SCAN'], ['MANUAL', 'SCAN_ON_PUSH']))).toEqual([])
    expect(matching(frequencies([undefined, 'MANUAL']))).toEqual([])
  })

  it('let copies through that failed, also with a word that nobody documented', () => {
    expect(matching(replication('FAILED'))).toEqual(['ReplicationFailed'])
    expect(matching(replication('MELTED'), [], none)).toEqual(['ReplicationFailed'])
    expect(matching(sync('FAILED'))).toEqual(['CacheFailed'])
  })

  it.each(ARRIVED)('stop copies that ended as %s, exactly as the function does', (word) => {
    expect(matching(replication(word))).toEqual([])
    expect(matching(sync(word))).toEqual([])
    expect(parseEvent(replication(word))).toMatchObject({ failed: false })
    expect(parseEvent(sync(word))).toMatchObject({ failed: false })
  })

  it('stay within what EventBridge takes', () => {
    for (const { pattern, description } of watchPatterns(policy(), registry())) {
      expect(JSON.stringify(pattern).length).toBeLessThan(2_048)
      expect(description.length).toBeLessThanOrEqual(512)
    }
  })
})
