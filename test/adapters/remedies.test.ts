import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ecrSettings } from '../../functions/adapters/ecr-settings.ts'
import { ecrRepositories } from '../../functions/adapters/repository-reader.ts'
import { type AwsCall, signedAws } from '../../functions/adapters/signed-aws.ts'
import type { RepositoryRef } from '../../functions/domain/facts/repository-facts.ts'
import { RULES, ruleOf } from '../../functions/domain/rulebook.ts'
import { gather } from '../../functions/policy/gather.ts'
import type { RepositoryReader } from '../../functions/policy/reader.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { defaultsOf, NOW } from '../domain/rules/facts.ts'
import { policyOf, root, statement } from '../domain/rules/policies.ts'
import { envOf } from './env.ts'

let aws: LocalAws
let call: AwsCall
let ref: RepositoryRef

beforeAll(async () => {
  aws = await startLocalAws()
  call = signedAws(envOf(aws))
  ref = { account: aws.account, region: aws.region, repository: 'prod/api' }
})
beforeEach(async () => {
  await call('ecr', 'DeleteRepository', { repositoryName: 'prod/api' }).catch(() => undefined)
  aws.ecr.createRepository({ repositoryName: 'prod/api', tags: [{ Key: 'app', Value: 'x' }] })
})
afterAll(() => aws.close())

const open = statement({ Principal: '*' })
const kept = statement({ Sid: 'Kept', Principal: root('123456789012') })

/** Each rule that can be put right, with what makes it fail beside what a new repository has. */
const cases: readonly (readonly [string, object, string | undefined])[] = [
  ['tag-immutability', {}, undefined],
  ['scan-on-push', {}, undefined],
  ['lifecycle-policy', { mustExpire: ['untagged'] }, undefined],
  ['required-tags', { keys: ['owner', 'app'], values: { owner: 'team-a' } }, undefined],
  ['repository-policy', {}, policyOf(kept, open)],
  ['repository-policy', {}, policyOf(open)],
]

describe('what puts a rule right', () => {
  test('is shown for every rule that has it', () => {
    const enforceable = RULES.filter(({ enforceable }) => enforceable).map(({ id }) => id)
    expect([...new Set(cases.map(([id]) => id))].toSorted()).toEqual(enforceable.toSorted())
  })

  test.each(cases)('takes effect, and is taken back to what was there: %s %j', async (id, change, policyText) => {
    if (policyText) await call('ecr', 'SetRepositoryPolicy', { repositoryName: 'prod/api', policyText })
    const rule = ruleOf(id)
    if (!rule) throw new Error(id)
    const parameters = { ...defaultsOf(rule), ...change }
    const reader: RepositoryReader = ecrRepositories(call, aws.region)
    const read = () => gather(reader, ref, new Set(rule.needs), false)
    const judged = async () => rule.judge(await read(), parameters, { ref, now: NOW })
    const before = await read()
    const remedy = rule.remedy(before, parameters, { ref, now: NOW })
    if (!remedy) throw new Error('there is no remedy')
    expect(await judged()).toMatchObject({ outcome: 'fail' })
    await ecrSettings(call, aws.region)(ref, remedy.write)
    expect(await judged()).toMatchObject({ outcome: 'pass' })
    await ecrSettings(call, aws.region)(ref, remedy.undo)
    expect(await read()).toEqual(before)
  })
})
