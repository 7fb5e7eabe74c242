import { describe, expect, it } from 'vitest'
import { parseEvent } from '../../functions/events/parse.ts'
import { ecrEvent } from './samples.ts'

const change = (detail: Record<string, unknown>) =>
  parseEvent(ecrEvent('ECR Scan Resource Change', { 'action-type': 'SCAN_FREQUENCY_CHANGE', ...detail }))

describe('a change of scanning', () => {
  it('names each repository with what it was and what it is', () => {
    const changed = {
      'repository-name': 'prod/api',
      'repository-arn': 'arn:aws:ecr:ap-northeast-1:123456789012:repository/prod/api',
      'scan-frequency': 'MANUAL',
      'previous-scan-frequency': 'CONTINUOUS_SCAN',
    }
    expect(change({ 'scan-type': 'ENHANCED', repositories: [changed] })).toMatchObject({
      type: 'scanning-change',
      scanType: 'ENHANCED',
      repositories: [{ repository: 'prod/api', before: 'CONTINUOUS_SCAN', now: 'MANUAL' }],
    })
  })

  it('may leave out what it was, and the repositories altogether', () => {
    expect(change({ repositories: [{ 'repository-name': 'prod/api' }] })).toMatchObject({
      repositories: [{ repository: 'prod/api', before: undefined, now: undefined }],
    })
    expect(change({})).toMatchObject({ repositories: [] })
  })

  it('of a repository without a name is refused', () => {
    expect(() => change({ repositories: [{}] })).toThrow('detail.repositories.0.repository-name')
  })
})
