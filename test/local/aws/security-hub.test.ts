import { expect, test } from 'vitest'
import { signedRest } from '../../../functions/adapters/signed-aws.ts'
import type { AsffFinding } from '../../../functions/domain/sweep/asff.ts'
import { toAsff } from '../../../functions/domain/sweep/security-hub.ts'
import type { LocalAws } from '../../../local/aws/server.ts'
import { envOf } from '../../adapters/env.ts'
import { recordedVerdict, repositoryRecord } from '../../domain/sweep/records.ts'
import { withLocalAws } from './clients.ts'

const findingOf = (aws: LocalAws, change: Partial<AsffFinding> = {}): AsffFinding => {
  const context = { account: aws.account, region: aws.region, partition: 'aws', now: new Date('2026-11-27T21:03:00Z') }
  const record = repositoryRecord({ verdicts: [recordedVerdict()] })
  const [finding] = toAsff(record, { ...context, scanning: undefined, previous: [] })
  return { ...(finding as AsffFinding), ...change }
}

const send = (aws: LocalAws, Findings: unknown) =>
  signedRest(envOf(aws), 60_000)('securityhub', 'POST', '/findings/import', { Findings })

const fields = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`field ${index}`, 'x'.repeat(2_048)]))

test('no call takes none, more than a hundred, or more than 6 MB', () =>
  withLocalAws(async (aws) => {
    const refused = { code: 'InvalidInputException', transient: false }
    await expect(send(aws, [])).rejects.toMatchObject(refused)
    await expect(send(aws, Array(101).fill(findingOf(aws)))).rejects.toMatchObject(refused)
    const big = findingOf(aws, { ProductFields: fields(40) })
    await expect(send(aws, Array(80).fill(big))).rejects.toMatchObject(refused)
    await expect(send(aws, 'none')).rejects.toMatchObject({ code: 'SerializationException' })
  }))

test('a finding is what ASFF says, newer than itself, and no larger than 240 KB', () =>
  withLocalAws(async (aws) => {
    const failures = async (change: object) => (await send(aws, [findingOf(aws, change)])).FailedFindings
    expect(await failures({})).toEqual([])
    expect(await failures({ Titel: 'x' })).toMatchObject([
      { ErrorCode: 'InvalidInput', ErrorMessage: expect.stringContaining('Titel') },
    ])
    expect(await failures({ ProductFields: fields(51) })).toMatchObject([{ ErrorCode: 'InvalidInput' }])
    expect(await failures({ UpdatedAt: '2026-11-26T21:03:00Z' })).toMatchObject([
      { ErrorMessage: expect.stringContaining('UpdatedAt') },
    ])
    const packages = Array(150).fill({ Name: 'x'.repeat(2_000) })
    expect(await failures({ Vulnerabilities: [{ Id: 'CVE-1', VulnerablePackages: packages }] })).toMatchObject([
      { ErrorMessage: 'The finding is larger than 240 KB.' },
    ])
  }))

test('what a customer does with a finding stays as it is', () =>
  withLocalAws(async (aws) => {
    const { Id } = findingOf(aws)
    await send(aws, [findingOf(aws)])
    aws.securityHub.setWorkflow(Id, 'SUPPRESSED')
    aws.securityHub.setWorkflow('another', 'SUPPRESSED')
    await send(aws, [findingOf(aws, { Severity: { Label: 'LOW', Original: 'LOW' }, Title: 'another' })])
    expect(aws.securityHub.findings().get(Id)).toMatchObject({
      ...{ Workflow: { Status: 'SUPPRESSED' }, Severity: { Label: 'HIGH' }, Title: 'another' },
    })
    expect(aws.securityHub.findings().size).toBe(1)
  }))
