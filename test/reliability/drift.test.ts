import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as ecr from '@aws-sdk/client-ecr'
import { describe, expect, test } from 'vitest'
import { hasCli, shell, withCli } from './aws-cli.ts'
import { journalOf } from './journal.ts'
import { useRegistry } from './registry.ts'
import { useRig } from './rig.ts'

const YAML = `
alerts:
  - repositories: ["silent/**"]
    threshold: CRITICAL
    to: [sns]
  - repositories: ["prod/**", "enforced/**", "excepted/**", "lapsed/**"]
    threshold: HIGH
    to: [slack:security, sns]
channels:
  security: { slack-webhook: { secret: ecr-steward/slack/security } }
policy:
  - repositories: ["enforced/**"]
    rules:
      tag-immutability: enforce
      lifecycle-policy: enforce
  - repositories: ["**"]
    rules:
      tag-immutability: report
      lifecycle-policy: report
      required-tags: report
registry:
  to: [slack:security, sns]
  rules: { registry-scanning: report }
exceptions:
  - rule: tag-immutability
    repositories: ["excepted/*"]
    reason: moves until the release
    owner: team-a
    expires: 2027-01-31
  - rule: tag-immutability
    repositories: ["lapsed/*"]
    reason: moved until the release
    owner: team-a
    expires: 2026-11-20
operations: { email: [] }
`

const rig = await useRig({ yaml: YAML, announces: true })
const { alice, repository, push, alerts, told, settle } = useRegistry(rig)
const HOUR = 3_600

const inject = (operation: string, code = 'AccessDeniedException', times = Number.POSITIVE_INFINITY) =>
  rig.world.aws.faults.inject({ service: 'ecr', operation, times, error: { code } })
const said = () => rig.said('watch')
const journal = (name: string) => journalOf(rig, name)

const setMutability = (repositoryName: string, imageTagMutability: ecr.ImageTagMutability) =>
  alice.send(new ecr.PutImageTagMutabilityCommand({ repositoryName, imageTagMutability }))

async function mutabilityOf(name: string): Promise<string | undefined> {
  const { repositories } = await alice.send(new ecr.DescribeRepositoriesCommand({ repositoryNames: [name] }))
  return repositories?.[0]?.imageTagMutability
}

/** Changes the mutability, and lets everything come to rest. */
async function drift(name: string, mutability: ecr.ImageTagMutability = 'MUTABLE'): Promise<void> {
  await setMutability(name, mutability)
  await settle()
}

describe('a setting that somebody changes', () => {
  test('is told within a minute, with who did it and by which call', async () => {
    const name = repository()
    const before = rig.now
    await drift(name)
    expect(told(name)).toEqual([['new tag-immutability']])
    expect(alerts(name)[0]?.facts.slice(0, 2)).toEqual([
      { name: 'Changed by', value: 'Admin/alice' },
      { name: 'By the call', value: 'PutImageTagMutability' },
    ])
    expect(rig.now - before).toBeLessThan(60_000)
    expect(rig.messages({ repository: name, digest: '', tags: [] })).toHaveLength(1)
  })

  test('and puts back is fixed in silence, and shown with the next alert', async () => {
    const name = repository()
    await drift(name)
    await drift(name, 'IMMUTABLE')
    expect(said()).toEqual(['alerted', 'fixed'])
    await alice.send(new ecr.DeleteLifecyclePolicyCommand({ repositoryName: name }))
    await settle()
    expect(told(name)).toEqual([['new tag-immutability'], ['new lifecycle-policy', 'gone tag-immutability']])
  })

  test('together with others is looked at once', async () => {
    const name = repository()
    await setMutability(name, 'MUTABLE')
    await alice.send(new ecr.DeleteLifecyclePolicyCommand({ repositoryName: name }))
    await alice.send(
      new ecr.UntagResourceCommand({
        resourceArn: `arn:aws:ecr:ap-northeast-1:123456789012:repository/${name}`,
        tagKeys: ['Owner'],
      }),
    )
    await settle()
    expect(said().toSorted()).toEqual(['alerted', 'grouped', 'grouped'])
    expect(told(name)[0]?.toSorted()).toEqual(['new lifecycle-policy', 'new required-tags', 'new tag-immutability'])
  })

  test('is told by the change or by a push, not by both', async () => {
    const name = repository()
    await setMutability(name, 'MUTABLE')
    await push(name, { user: 'app' })
    await settle()
    expect(told(name)).toEqual([['new tag-immutability']])
  })

  test('in a repository that nobody wants to hear of is judged, and not told', async () => {
    const name = repository({ prefix: 'other' })
    await drift(name)
    expect(alerts(name)).toEqual([])
    expect(rig.outcomes.at(-1)?.reason).toContain('no entry of alerts matches')
  })

  test('in a repository whose entry has another threshold for findings is told all the same', async () => {
    const name = repository({ prefix: 'silent' })
    await drift(name)
    expect(told(name)).toEqual([['new tag-immutability']])
    expect(alerts(name)[0]?.channels).toEqual([])
  })
})

describe('a repository', () => {
  test('that somebody creates is judged', async () => {
    await alice.send(new ecr.CreateRepositoryCommand({ repositoryName: 'prod/careless' }))
    await settle()
    expect(told('prod/careless')[0]?.toSorted()).toEqual([
      'new lifecycle-policy',
      'new required-tags',
      'new tag-immutability',
    ])
  })

  test('that is deleted is forgotten, and told anew when there is another of its name', async () => {
    const name = repository()
    await drift(name)
    await alice.send(new ecr.DeleteRepositoryCommand({ repositoryName: name }))
    await settle()
    expect(said().at(-1)).toBe('gone')
    await alice.send(new ecr.CreateRepositoryCommand({ repositoryName: name }))
    await settle()
    expect(told(name)).toHaveLength(2)
  })

  test('of which one value is denied is unknown in what needs it', async () => {
    const name = repository()
    inject('GetLifecyclePolicy')
    await drift(name)
    expect(told(name)).toEqual([['new tag-immutability', 'new lifecycle-policy']])
    rig.world.aws.faults.clear()
    await drift(name, 'IMMUTABLE')
    expect(told(name)).toHaveLength(1)
  })

  test('whose call was refused has not changed', async () => {
    const name = repository()
    inject('PutImageTagMutability')
    await expect(setMutability(name, 'MUTABLE')).rejects.toThrow()
    await settle()
    expect(alerts(name)).toEqual([])
  })
})

describe('an exception', () => {
  test('keeps a fail from being told', async () => {
    const name = repository({ prefix: 'excepted' })
    await drift(name)
    expect(alerts(name)).toEqual([])
    expect(said()).toEqual(['quiet'])
  })

  test('that has expired does not, and the alert says which it was', async () => {
    const name = repository({ prefix: 'lapsed' })
    await drift(name)
    expect(told(name)).toEqual([['new tag-immutability']])
    expect(alerts(name)[0]?.items[0]?.notes.join()).toContain('the exception of team-a expired on 2026-11-20')
  })
})

describe('the registry', () => {
  test('is judged when its scanning is changed; the repositories are left to the sweep', async () => {
    const put = (rules: ecr.RegistryScanningRule[]) =>
      alice.send(new ecr.PutRegistryScanningConfigurationCommand({ scanType: 'BASIC', rules }))
    await put([])
    await settle()
    const [alert] = rig.world.aws.sns.published().slice(-1)
    expect(JSON.parse(JSON.parse(alert?.message ?? '').default)).toMatchObject({
      kind: 'policy',
      items: [{ id: 'registry-scanning', change: 'new' }],
    })
    expect(rig.outcomes.find((one) => one.function === 'watch')?.reason).toContain('left to the sweep')
  })
})

describe('what ECR did not do', () => {
  const sample = (file: string): object =>
    JSON.parse(readFileSync(join(import.meta.dirname, `../../events/${file}.json`), 'utf8'))
  const kinds = () => rig.outcomes.filter((one) => one.function === 'watch').map(({ kind, outcome }) => kind ?? outcome)

  test.each([
    ['replication-failed', ['replication-failed', 'grouped', 'known']],
    ['pull-through-cache-failed', ['quiet', 'grouped', 'quiet']],
  ])('is told once, to those who want to hear of the repository: %s', async (file, expected) => {
    const event = sample(file)
    await rig.happens(event, event)
    await rig.happens({ ...event, id: `${file}-again` })
    expect(kinds()).toEqual(expected)
  })

  test('and scanning that is weakened is told with what it was', async () => {
    const name = repository()
    const changed = {
      'repository-name': name,
      'scan-frequency': 'MANUAL',
      'previous-scan-frequency': 'CONTINUOUS_SCAN',
    }
    const event = sample('scan-frequency-changed') as { detail: object }
    await rig.happens({ ...event, id: 'weakened', detail: { ...event.detail, repositories: [changed] } })
    expect(alerts(name).map(({ kind }) => kind)).toEqual(['scanning-weakened'])
  })
})

describe('enforcement', () => {
  test('puts a setting right, tells with what it is undone, and keeps a journal', async () => {
    const name = repository({ prefix: 'enforced' })
    await drift(name)
    expect(await mutabilityOf(name)).toBe('IMMUTABLE')
    const [alert, ...more] = alerts(name)
    expect(alert).toMatchObject({ kind: 'enforcement', title: expect.stringContaining('Put right') })
    expect(alert?.facts).toContainEqual({ name: 'Changed by', value: 'Admin/alice' })
    expect(more).toEqual([])
    const [line] = await journal(name)
    expect(line).toMatchObject({ what: 'Make tags immutable', outcome: 'done' })
    expect(line?.undoCommand).toBe(alert?.items[0]?.command)
    expect(line).not.toHaveProperty('expires')
  })

  test.skipIf(!hasCli)(withCli('is confirmed by the AWS CLI, which also undoes it as the alert says'), async () => {
    const name = repository({ prefix: 'enforced', lifecycle: false })
    const describeIt = `aws ecr describe-repositories --repository-names ${name} --query 'repositories[0].imageTagMutability'`
    await drift(name)
    expect(await shell(rig, describeIt)).toBe('IMMUTABLE')
    expect(await shell(rig, `aws ecr get-lifecycle-policy --repository-name ${name}`)).toMatchObject({
      lifecyclePolicyText: expect.stringContaining('untagged'),
    })
    for (const { command = '' } of alerts(name)[0]?.items ?? []) await shell(rig, command)
    expect(await shell(rig, describeIt)).toBe('MUTABLE')
    await expect(shell(rig, `aws ecr get-lifecycle-policy --repository-name ${name}`)).rejects.toThrow(
      'LifecyclePolicyNotFoundException',
    )
  })

  test.skipIf(!hasCli)(withCli('is looked up in the journal with the command of the documentation'), async () => {
    const name = repository({ prefix: 'enforced' })
    await drift(name)
    const [, command = ''] = /^(aws dynamodb scan .+)$/m.exec(readFileSync('docs/configuration.md', 'utf8')) ?? []
    const items = await shell(rig, command.replace('$STATE_TABLE', rig.world.cloud.outputs.StateTableName ?? ''))
    expect(items).toContainEqual([
      expect.stringContaining(`/${name}#`),
      'Make tags immutable',
      'done',
      expect.stringContaining('--image-tag-mutability MUTABLE'),
    ])
  })

  test('puts a lifecycle policy where there is none, and never in place of another', async () => {
    const name = repository({ prefix: 'enforced' })
    const read = async () =>
      (await alice.send(new ecr.GetLifecyclePolicyCommand({ repositoryName: name }))).lifecyclePolicyText
    const before = await read()
    await drift(name)
    expect(await read()).toBe(before)
    await alice.send(new ecr.DeleteLifecyclePolicyCommand({ repositoryName: name }))
    await settle()
    expect(await read()).toContain('"countNumber":30')
  })

  test('follows a push too', async () => {
    const name = repository({ prefix: 'enforced', mutability: 'MUTABLE' })
    await push(name, { user: 'app' })
    await settle()
    expect(await mutabilityOf(name)).toBe('IMMUTABLE')
    expect(alerts(name).map(({ kind }) => kind)).toEqual(['enforcement'])
  })

  test('stops, and says so once, when the setting is changed back twice within an hour; a day later it tries again', async () => {
    const name = repository({ prefix: 'enforced' })
    for (const mutability of ['IMMUTABLE', 'IMMUTABLE', 'MUTABLE']) {
      await drift(name)
      expect(await mutabilityOf(name)).toBe(mutability)
      rig.wait(600)
    }
    const titles = () => alerts(name).map(({ title }) => title.split(':')[0])
    expect(titles().slice(0, 2)).toEqual([`Put right in ${name}`, `Put right in ${name}`])
    expect(titles()[2]).toMatch(/^Stopped/)
    await alice.send(
      new ecr.PutImageScanningConfigurationCommand({
        repositoryName: name,
        imageScanningConfiguration: { scanOnPush: false },
      }),
    )
    await push(name, { user: 'app' })
    await settle()
    expect(titles()).toHaveLength(3)
    rig.wait(24 * HOUR)
    await drift(name)
    expect(await mutabilityOf(name)).toBe('IMMUTABLE')
    expect(titles()).toHaveLength(4)
  })

  test('that ECR refuses is told once, and not tried at every look', async () => {
    const name = repository({ prefix: 'enforced' })
    await setMutability(name, 'MUTABLE')
    inject('PutImageTagMutability')
    await settle()
    expect(alerts(name).map(({ title }) => title)).toEqual([expect.stringMatching(/^Could not put right/)])
    await push(name, { user: 'app' })
    await settle()
    expect(alerts(name)).toHaveLength(1)
    expect((await journal(name)).map(({ outcome }) => outcome)).toEqual([expect.stringContaining('AccessDenied')])
  })

  test('that ECR throttles is done later, once', async () => {
    const name = repository({ prefix: 'enforced' })
    await setMutability(name, 'MUTABLE')
    inject('PutImageTagMutability', 'ThrottlingException', 5)
    await settle()
    expect(await mutabilityOf(name)).toBe('IMMUTABLE')
    expect(alerts(name).map(({ kind }) => kind)).toEqual(['enforcement'])
  })

  test.each([
    ['before the write', 0],
    ['between the journal and the write', 2],
    ['after the write', 3],
  ])('outlives a table that fails %s, and is told once on Slack', async (_, writes) => {
    const name = repository({ prefix: 'enforced' })
    await setMutability(name, 'MUTABLE')
    const fault = { service: 'dynamodb', operation: 'UpdateItem' }
    if (writes > 0) rig.world.aws.faults.inject({ ...fault, times: writes, error: { delayMs: 0 } })
    rig.world.aws.faults.inject({ ...fault, times: 6, error: { code: 'InternalServerError' } })
    await settle()
    expect(await mutabilityOf(name)).toBe('IMMUTABLE')
    expect(alerts(name).length).toBeGreaterThan(0)
    expect(new Set(alerts(name).map(({ id }) => id)).size).toBe(1)
    expect(rig.messages({ repository: name, digest: '', tags: [] })).toHaveLength(1)
    expect(rig.dead()).toEqual({})
  })
})
