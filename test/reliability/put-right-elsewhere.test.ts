import { describe, expect, test } from 'vitest'
import { ENFORCE_ROLE } from '../../functions/contract.ts'
import type { Alert } from '../../functions/domain/alert.ts'
import { ENV_EXTERNAL_ID, READ_ROLE } from '../../functions/in-use/contract.ts'
import { imageManifest } from '../../local/seed/manifests.ts'
import { envOf } from '../adapters/env.ts'
import { steward } from '../cli/cli.ts'
import { journalOf } from './journal.ts'
import { useRig } from './rig.ts'

const [AGREED, OTHER, SHUT] = ['222222222222', '333333333333', '444444444444']
const [HERE, FAR] = ['ap-northeast-1', 'us-east-1']
const YAML = `
alerts: [{ repositories: ["**"], threshold: HIGH, to: [sns] }]
policy:
  - { repositories: ["prod/**"], rules: { tag-immutability: enforce } }
  - { repositories: ["held/**"], rules: { non-root-user: { mode: report, quarantine: true } } }
sweep: { to: [sns], regions: [${FAR}], accounts: ["${AGREED}", "${OTHER}", "${SHUT}"] }
members: { external-id: steward-7, enforce: ["${AGREED}", "${SHUT}"] }
operations: { email: [] }
`

const rig = await useRig({ yaml: YAML })
const { aws } = rig.world
const HOME = aws.account
for (const account of [AGREED, OTHER, SHUT]) aws.principals.createRole(READ_ROLE, account, 'steward-7')
// That of OTHER is there, and yet not taken: steward.yaml does not name the account.
for (const account of [AGREED, OTHER]) aws.principals.createRole(ENFORCE_ROLE, account, 'steward-7')

type Where = { readonly account: string; readonly region: string }
const WRITE = 'PutImageTagMutability'
let pushes = 0

/** Pushes an image to a registry, and lets its event come to the bus of the hub. */
async function push({ account, region }: Where, repositoryName: string): Promise<void> {
  const { ecr } = aws.at({ account, region })
  if (!ecr.repository(repositoryName)) ecr.createRepository({ repositoryName })
  const manifest = imageManifest({ layers: ['debian', `layer-${++pushes}`], created: '2026-11-23T09:00:00Z' })
  for (const blob of manifest.blobs) ecr.putBlob(repositoryName, blob)
  const image = { repositoryName, imageManifest: manifest.text, imageManifestMediaType: manifest.mediaType }
  ecr.putImage({ ...image, imageTag: `1.0.${pushes}`, pushedAt: new Date(rig.now) })
  await rig.happens({
    ...{ version: '0', id: `push-${pushes}`, source: 'aws.ecr', 'detail-type': 'ECR Image Action', resources: [] },
    ...{ account, region, time: `${new Date(rig.now).toISOString().slice(0, 19)}Z` },
    detail: {
      ...{ result: 'SUCCESS', 'action-type': 'PUSH', 'repository-name': repositoryName },
      ...{ 'image-digest': manifest.digest, 'image-tag': `1.0.${pushes}` },
    },
  })
}

const mutability = (where: Where, name: string) => aws.at(where).ecr.repository(name)?.settings.imageTagMutability
const alerts = (repository: string): Alert[] => rig.published({ repository, digest: '', tags: [] })
const kinds = (repository: string) => alerts(repository).map(({ kind }) => kind)
const enforcement = (repository: string) => alerts(repository).find(({ kind }) => kind === 'enforcement')
const taken = () =>
  aws.calls.filter(({ operation, input }) => operation === 'AssumeRole' && JSON.stringify(input).includes(ENFORCE_ROLE))
const writers = (from: number, ...operations: readonly string[]) =>
  aws.calls
    .slice(from)
    .filter(({ operation }) => [WRITE, ...operations].includes(operation))
    .map(({ accessKeyId }) => aws.principals.arnOf(accessKeyId))

describe('in an account that agreed', () => {
  const where = { account: AGREED, region: HERE }

  test('what fails is put right with the role there, and nothing of the same name at home', async () => {
    aws.ecr.createRepository({ repositoryName: 'prod/agreed' })
    const from = aws.calls.length
    await push(where, 'prod/agreed')
    expect(mutability(where, 'prod/agreed')).toBe('IMMUTABLE')
    expect(mutability({ account: HOME, region: HERE }, 'prod/agreed')).toBe('MUTABLE')
    expect(writers(from)).toEqual([`arn:aws:sts::${AGREED}:assumed-role/${ENFORCE_ROLE}/ecr-steward-push-check`])
    expect(taken().at(-1)?.input).toMatchObject({ ExternalId: 'steward-7' })
    expect(rig.dead()).toEqual({})
  })

  test('it is told once with what takes it back, for whom, and is in the journal', async () => {
    expect(kinds('prod/agreed')).toEqual(['enforcement'])
    const [item] = enforcement('prod/agreed')?.items ?? []
    expect(item?.command).toBe(
      `aws ecr put-image-tag-mutability --region ${HERE} --repository-name prod/agreed --image-tag-mutability MUTABLE`,
    )
    expect(enforcement('prod/agreed')).toMatchObject({
      subject: where,
      notices: [
        `Commands are for credentials of account ${AGREED}: with others they change what has the same name there.`,
      ],
    })
    const [line, ...more] = await journalOf(rig, 'prod/agreed')
    expect(more).toEqual([])
    expect(line?.pk).toContain(`journal#${AGREED}/${HERE}/prod/agreed#`)
    expect(line).toMatchObject({ outcome: 'done', undoCommand: item?.command })
    await push(where, 'prod/agreed')
    expect(kinds('prod/agreed')).toEqual(['enforcement'])
  })

  test('it is put right in every region that is swept, with the same role', async () => {
    const before = taken().length
    await push({ ...where, region: FAR }, 'prod/agreed-far')
    expect(mutability({ ...where, region: FAR }, 'prod/agreed-far')).toBe('IMMUTABLE')
    expect(taken()).toHaveLength(before)
  })

  test('what is changed back twice within an hour is left alone, as at home', async () => {
    await push(where, 'prod/stubborn')
    for (const _ of [1, 2]) {
      rig.wait(60)
      aws.at(where).call('ecr', WRITE, { repositoryName: 'prod/stubborn', imageTagMutability: 'MUTABLE' })
      await push(where, 'prod/stubborn')
    }
    expect(mutability(where, 'prod/stubborn')).toBe('MUTABLE')
    expect(alerts('prod/stubborn').at(-1)?.title).toContain('Stopped putting right tag immutability')
  })

  test('what is denied to the role is reported, and told with the reason', async () => {
    aws.faults.inject({ service: 'ecr', operation: WRITE, times: 9, error: { code: 'AccessDeniedException' } })
    await push(where, 'prod/denied')
    expect(mutability(where, 'prod/denied')).toBe('MUTABLE')
    expect(kinds('prod/denied')).toEqual(['enforcement'])
    expect(enforcement('prod/denied')?.items[0]?.text).toContain(
      `failed, ECR answered AccessDeniedException to ${WRITE}`,
    )
    const [line] = await journalOf(rig, 'prod/denied')
    expect(line?.outcome).toContain('failed: ECR answered AccessDeniedException')
  })
})

test('what somebody changes in an account that agreed is put right by watch, with a session of its own', async () => {
  const [where, name] = [{ account: AGREED, region: FAR }, 'prod/changed']
  aws.at(where).ecr.createRepository({ repositoryName: name })
  const from = aws.calls.length
  await rig.happens({
    ...{ version: '0', id: 'change-1', source: 'aws.ecr', 'detail-type': 'AWS API Call via CloudTrail', resources: [] },
    ...{ ...where, time: `${new Date(rig.now).toISOString().slice(0, 19)}Z` },
    detail: {
      ...{ eventSource: 'ecr.amazonaws.com', eventName: WRITE },
      userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::${AGREED}:user/bob`, accountId: AGREED },
      requestParameters: { registryId: AGREED, repositoryName: name, imageTagMutability: 'MUTABLE' },
    },
  })
  expect(mutability(where, name)).toBe('IMMUTABLE')
  expect(writers(from)).toEqual([`arn:aws:sts::${AGREED}:assumed-role/${ENFORCE_ROLE}/ecr-steward-watch`])
  expect(kinds(name)).toEqual(['enforcement'])
  expect(enforcement(name)?.notices.join()).toContain(`credentials of account ${AGREED}`)
})

test('in an account that has the role and is not named, it is reported, and the role is not asked for', async () => {
  const [where, before, from] = [{ account: OTHER, region: HERE }, taken().length, aws.calls.length]
  await push(where, 'prod/other')
  expect(mutability(where, 'prod/other')).toBe('MUTABLE')
  expect(kinds('prod/other')).toEqual(['policy'])
  expect(alerts('prod/other')[0]?.notices).toContain(
    'Nothing is put right in this registry: the steward only reads there.',
  )
  expect(writers(from)).toEqual([])
  expect(taken()).toHaveLength(before)
  expect(await journalOf(rig, 'prod/other')).toEqual([])
})

test('in an account that is named and has no role, it is reported, and told once why it is not put right', async () => {
  const where = { account: SHUT, region: HERE }
  await push(where, 'prod/shut')
  expect(mutability(where, 'prod/shut')).toBe('MUTABLE')
  expect(kinds('prod/shut')).toEqual(['enforcement'])
  expect(enforcement('prod/shut')?.title).toContain('Could not put right')
  const [item] = enforcement('prod/shut')?.items ?? []
  expect(item?.notes[0]).toContain('Before: ')
  expect(item?.text).toContain(
    `failed, the role arn:aws:iam::${SHUT}:role/${ENFORCE_ROLE} cannot be assumed: AccessDenied; deploy the member stack with Enforce=yes in account ${SHUT} (docs/members.md), or take it out of members.enforce`,
  )
  await push(where, 'prod/shut')
  expect(kinds('prod/shut')).toEqual(['enforcement'])
  expect(rig.dead()).toEqual({})
})

test('once the role is there, it is put right with the next push after an hour', async () => {
  const where = { account: SHUT, region: HERE }
  aws.principals.createRole(ENFORCE_ROLE, SHUT, 'steward-7')
  rig.wait(3_700)
  await push(where, 'prod/shut')
  expect(mutability(where, 'prod/shut')).toBe('IMMUTABLE')
  expect(alerts('prod/shut').at(-1)?.title).toContain('Put right')
})

test('in another region of the own account the function does it by its own rights, where that region is swept', async () => {
  const [where, before, from] = [{ account: HOME, region: FAR }, taken().length, aws.calls.length]
  await push(where, 'prod/far')
  expect(mutability(where, 'prod/far')).toBe('IMMUTABLE')
  expect(kinds('prod/far')).toEqual(['enforcement'])
  expect(enforcement('prod/far')?.notices).toEqual([])
  expect(writers(from)).toEqual([expect.stringContaining(`:${HOME}:assumed-role/`)])
  expect(taken()).toHaveLength(before)
  const elsewhere = { account: HOME, region: 'eu-west-1' }
  await push(elsewhere, 'prod/farther')
  expect(mutability(elsewhere, 'prod/farther')).toBe('MUTABLE')
  expect(alerts('prod/farther')).toEqual([])
})

describe('an image in quarantine', () => {
  const where = { account: AGREED, region: HERE }
  const tagged = (name: string, at: Where = where) => [...(aws.at(at).ecr.repository(name)?.tagged.keys() ?? [])]
  const by = (session: string) => `arn:aws:sts::${AGREED}:assumed-role/${ENFORCE_ROLE}/ecr-steward-${session}`

  test('of an account that agreed has its tags moved by the role there, and given back from where the stack is', async () => {
    const [name, from] = ['held/agreed', aws.calls.length]
    await push(where, name)
    expect(tagged(name)).toEqual([`quarantine-1.0.${pushes}`])
    expect(writers(from, 'PutImage', 'BatchDeleteImage')).toEqual([by('push-check'), by('push-check')])
    const [line] = await journalOf(rig, name)
    expect(line?.pk).toContain(`journal#${AGREED}/${HERE}/${name}#`)
    expect(line).toMatchObject({ outcome: `done: quarantine-1.0.${pushes}`, undoCommand: alerts(name)[0]?.command })

    const released = aws.calls.length
    const [, ...words] = alerts(name)[0]?.command?.split(' ') ?? []
    const env = { ...envOf(aws), [ENV_EXTERNAL_ID]: 'steward-7' }
    const { code, out } = await steward([...words, '--yes'], { env, now: () => new Date(rig.now) })
    expect([code, out]).toEqual([0, `released\tquarantine-1.0.${pushes}\t1.0.${pushes}\t\n`])
    expect(tagged(name)).toEqual([`1.0.${pushes}`])
    expect(writers(released, 'PutImage', 'BatchDeleteImage')).toEqual([by('release'), by('release')])
    expect(await journalOf(rig, name)).toHaveLength(2)
  })

  test('is none where the steward only reads, and the message says so', async () => {
    const [name, other] = ['held/other', { account: OTHER, region: HERE }]
    await push(other, name)
    expect(tagged(name, other)).toEqual([`1.0.${pushes}`])
    expect(alerts(name)[0]?.notices.join()).toContain('nothing is put in quarantine in this registry')
  })
})
