import { describe, expect, test } from 'vitest'
import { mayCause } from '../../functions/domain/drift.ts'
import { RULES } from '../../functions/domain/rulebook.ts'
import { REGISTRY_CALLS, REPOSITORY_CALLS } from '../../functions/watch/contract.ts'

const causedBy = (call: string): string[] => RULES.filter(({ id }) => mayCause(call, id)).map(({ id }) => id)

describe('a call', () => {
  test.each([
    ['PutImageTagMutability', 'tag-immutability'],
    ['PutImageScanningConfiguration', 'scan-on-push'],
    ['DeleteLifecyclePolicy', 'lifecycle-policy'],
    ['SetRepositoryPolicy', 'repository-policy'],
    ['UntagResource', 'required-tags'],
    ['PutRegistryScanningConfiguration', 'registry-scanning'],
    ['PutRegistryPolicy', 'registry-policy'],
    ['PutReplicationConfiguration', 'replication'],
    ['UpdatePullThroughCacheRule', 'pull-through-cache'],
  ])('%s may be why %s fails', (call, rule) => {
    expect(causedBy(call)).toContain(rule)
  })

  test.each([
    ['PutImageTagMutability', 'lifecycle-policy'],
    ['PutRegistryScanningConfiguration', 'registry-policy'],
    ['PutAccountSetting', 'registry-scanning'],
    ['PutImageTagMutability', 'a-rule-of-tomorrow'],
    ['toString', 'tag-immutability'],
  ])('%s is not why %s fails', (call, rule) => {
    expect(mayCause(call, rule)).toBe(false)
  })

  test('that makes a repository may be why any rule fails', () => {
    expect(causedBy('CreateRepository')).toHaveLength(RULES.length)
  })

  test('that watch asks for is known here, but for those that no rule reads the outcome of', () => {
    const unknown = [...REPOSITORY_CALLS, ...REGISTRY_CALLS].filter((call) => causedBy(call).length === 0)
    expect(
      unknown.filter((call) => !/^(DeleteRepository|.*(Template|AccountSetting|Signing|Exclusion).*)$/.test(call)),
    ).toEqual([])
  })
})
