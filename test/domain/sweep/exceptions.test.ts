import { expect, test } from 'vitest'
import type { RepositoryRecord } from '../../../functions/domain/sweep/record.ts'
import { exception } from '../../builders.ts'
import { EXCEPTED, EXPIRED, failed, found, judged, judgedImage, sweep } from './recorded.ts'

const holding = exception({ rule: 'non-root-user', tags: ['1.*'] })
const ended = exception({ finding: 'CVE-2026-0001', package: 'openssl', expires: '2026-11-01' })
const soon = exception({ finding: 'CVE-2026-0002', expires: '2026-12-08', line: 30 })
const unused = exception({ rule: 'healthcheck', digest: 'sha256:0', line: 40, repositories: ['a', 'b'] })
const exceptions = [holding, ended, soon, unused]

const stateOf = (change: Partial<RepositoryRecord> = {}) => {
  const images = [
    judgedImage({ verdicts: [failed({ exception: EXCEPTED })], findings: [found({ exception: EXPIRED })] }),
    judgedImage({ verdicts: [failed({ exception: EXCEPTED })], findings: [found()] }),
  ]
  return sweep([judged({ images, ...change })], { exceptions }).report.exceptions
}

test('exceptions are told with what they are about and speak of, those that need a look first', () => {
  expect(stateOf().map(({ what, uses, state, line }) => [what, uses, state, line])).toEqual([
    ['CVE-2026-0001 of openssl in prod/*', 1, 'expired', 12],
    ['CVE-2026-0002 in prod/*', 0, 'expires-soon', 30],
    ['healthcheck in a, b, sha256:0', 0, 'unused', 40],
    ['non-root-user in prod/*, tags 1.*', 2, 'holds', 12],
  ])
})

test.each([
  ['not everything was read', { unread: ['its tags'] }],
  ['a record was too long', { omitted: { images: 1, findings: [], fails: 0, unknowns: 0, excepted: 0 } }],
])('none is called unused where %s', (_, change) => {
  expect(stateOf(change).map(({ state }) => state)).toEqual(['expired', 'expires-soon', 'holds', 'holds'])
})
