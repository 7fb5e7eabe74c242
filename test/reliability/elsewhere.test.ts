import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Alert } from '../../functions/domain/alert.ts'
import { READ_ROLE } from '../../functions/in-use/contract.ts'
import { attestationManifest, imageManifest, indexManifest } from '../../local/seed/manifests.ts'
import { type Flaw, flaws, scanEvent, type TestImage, toEnhanced } from './events.ts'
import { useRig } from './rig.ts'

const ROOT = join(import.meta.dirname, '../..')
const HERE = 'ap-northeast-1'
const FAR = 'us-east-1'
const [MEMBER, OTHER, LOCKED] = ['222222222222', '333333333333', '444444444444']
const yaml = `${readFileSync(join(ROOT, 'steward.yaml'), 'utf8')}
members:
  external-id: steward-7
`
  .replace(/^sweep:$/m, `sweep:\n  regions: [${FAR}]\n  accounts: ["${MEMBER}", "${OTHER}", "${LOCKED}"]`)
  .replace('scan-on-push: report', 'scan-on-push: enforce')

const rig = await useRig({ yaml, policy: readFileSync(join(ROOT, 'lifecycle/ci.json'), 'utf8') })
const { aws } = rig.world
const HOME = aws.account
for (const account of [MEMBER, OTHER]) aws.principals.createRole(READ_ROLE, account, 'steward-7')

type Where = { readonly account: string; readonly region?: string }
type Kind = 'basic' | 'enhanced'

/** Pushes an image to a registry, whatever it finds there. */
function imageAt(where: Where, repository: string, found: readonly Flaw[], kind: Kind = 'enhanced'): TestImage {
  const { ecr } = aws.at(where)
  ecr.createRepository({ repositoryName: repository })
  const manifest = imageManifest({ layers: ['debian', repository], created: '2026-11-23T09:00:00Z' })
  for (const blob of manifest.blobs) ecr.putBlob(repository, blob)
  ecr.putImage({
    ...{ repositoryName: repository, imageManifest: manifest.text, imageManifestMediaType: manifest.mediaType },
    ...{ imageTag: '1.0.0', pushedAt: new Date(rig.now) },
  })
  const basic = found.map(({ id, severity }) => ({ name: id, severity }))
  ecr.putScan(repository, manifest.digest, {
    status: { status: kind === 'basic' ? 'COMPLETE' : 'ACTIVE' },
    completedAt: new Date(rig.now),
    ...(kind === 'basic' ? { findings: basic } : { enhancedFindings: found.map(toEnhanced) }),
  })
  return { repository, digest: manifest.digest, tags: ['1.0.0'] }
}

/** The event as the rule of the member stack there sends it on. */
const sentFrom = ({ account, region = HERE }: Where, event: object): object =>
  JSON.parse(JSON.stringify(event).replaceAll(HOME, account).replaceAll(HERE, region))

function scanned(image: TestImage, found: readonly Flaw[], kind: Kind = 'enhanced'): object {
  const enhanced = scanEvent(image, found, { at: rig.now, status: 'INITIAL_SCAN_COMPLETE' })
  if (kind === 'enhanced') return enhanced
  const { detail } = enhanced as { detail: object }
  return {
    ...enhanced,
    ...{ source: 'aws.ecr', 'detail-type': 'ECR Image Scan', resources: [] },
    detail: { ...detail, 'scan-status': 'COMPLETE', 'repository-name': image.repository },
  }
}

const pushed = ({ repository, digest }: TestImage): object => {
  const { version: _, ...head } = scanned({ repository, digest, tags: [] }, [], 'basic') as Record<string, unknown>
  const detail = { result: 'SUCCESS', 'action-type': 'PUSH', 'image-tag': '1.0.0', 'image-digest': digest }
  return {
    ...head,
    version: '0',
    'detail-type': 'ECR Image Action',
    detail: { ...detail, 'repository-name': repository },
  }
}

const assumed = () => aws.calls.filter(({ operation }) => operation === 'AssumeRole')
const named = ({ items }: Alert): string[] => items.map(({ id }) => id)
const only = (image: TestImage): Alert => {
  const [alert, ...more] = rig.published(image)
  if (!alert || more.length > 0) throw new Error(`${1 + more.length} alerts about ${image.repository}`)
  return alert
}

describe('what a scan finds in another account', () => {
  test.each(['enhanced', 'basic'] as const)('is told with its findings and its tags: %s', async (kind) => {
    const found = flaws(2, 'CRITICAL')
    const where = { account: MEMBER }
    const image = imageAt(where, `member/${kind}`, found, kind)
    await rig.happens(sentFrom(where, scanned({ ...image, tags: [] }, found, kind)))
    const alert = only(image)
    expect(alert).toMatchObject({
      subject: { ...where, region: HERE, tags: ['1.0.0'] },
      notices: [],
      severity: 'CRITICAL',
    })
    expect(named(alert).toSorted()).toEqual(found.map(({ id }) => id))
    expect(rig.messages(image)).toHaveLength(1)
  })

  test('is read with the role of that account, assumed once, in the name of the function, with the external id', async () => {
    const before = assumed().length
    expect(before).toBeGreaterThan(0)
    expect(assumed().at(-1)).toMatchObject({
      input: {
        RoleArn: `arn:aws:iam::${MEMBER}:role/${READ_ROLE}`,
        ...{ RoleSessionName: 'ecr-steward-scan-alert', ExternalId: 'steward-7' },
      },
    })
    for (const [n, region] of [HERE, FAR].entries()) {
      const where = { account: MEMBER, region }
      const image = imageAt(where, `member/again-${n}`, flaws(1))
      await rig.happens(sentFrom(where, scanned(image, flaws(1))))
      expect(named(only(image))).toHaveLength(1)
    }
    expect(assumed()).toHaveLength(before)
  })

  test('is told for each account, though the image is the same', async () => {
    const found = flaws(1, 'CRITICAL')
    const images = [MEMBER, OTHER].map((account) => imageAt({ account }, 'twin/api', found))
    expect(new Set(images.map(({ digest }) => digest)).size).toBe(1)
    await rig.happens(
      ...images.map((image, n) => sentFrom({ account: n === 0 ? MEMBER : OTHER }, scanned(image, found))),
    )
    const alerts = rig.published({ repository: 'twin/api', digest: '', tags: [] })
    expect(alerts.map(({ subject }) => subject.account).toSorted()).toEqual([MEMBER, OTHER])
    expect(new Set(alerts.map(({ id }) => id)).size).toBe(2)
    expect(alerts.flatMap(named)).toHaveLength(2)
  })

  test('is told with the counts of the event where the role cannot be assumed, and with what to do', async () => {
    const found = flaws(3, 'CRITICAL')
    const where = { account: LOCKED }
    const image = imageAt(where, 'locked/api', found)
    await rig.happens(sentFrom(where, scanned(image, found)))
    const alert = only(image)
    expect(alert).toMatchObject({ severity: 'CRITICAL', counts: { CRITICAL: 3 }, items: [] })
    expect(alert.notices.join('\n')).toContain(
      `the role arn:aws:iam::${LOCKED}:role/${READ_ROLE} cannot be assumed: AccessDenied; deploy the member stack in account ${LOCKED} (docs/members.md), or take it out of sweep.accounts`,
    )
    expect(rig.messages(image)).toHaveLength(1)
    expect(rig.dead()).toEqual({})
  })

  test('of an index is no fault: its manifest is read there, too', async () => {
    const where = { account: MEMBER }
    const { repository } = imageAt(where, 'member/index', [])
    const platform = imageManifest({ layers: ['debian', 'index'], created: '2026-11-23T09:00:00Z' })
    const attestation = attestationManifest(platform)
    const index = indexManifest({ amd64: platform, arm64: platform }, attestation)
    for (const { text, mediaType } of [platform, attestation, index])
      aws.at(where).ecr.putImage({ repositoryName: repository, imageManifest: text, imageManifestMediaType: mediaType })
    const { digest } = index
    const image = { repository, digest, tags: [] }
    await rig.happens(sentFrom(where, scanEvent(image, [], { at: rig.now, status: 'UNSUPPORTED_IMAGE' })))
    expect(rig.published(image)).toEqual([])
    expect(rig.said('scan-alert')).toEqual(['not-an-image'])
  })

  test('that nobody sweeps is told with the counts of the event, as ever, and no role is asked for', async () => {
    const before = assumed().length
    const where = { account: '555555555555' }
    const image = imageAt(where, 'stranger/api', flaws(1))
    await rig.happens(sentFrom(where, scanned(image, flaws(1))))
    expect(only(image)).toMatchObject({ counts: { HIGH: 1 }, items: [] })
    expect(only(image).notices.join()).toContain('The findings could not be read')
    expect(assumed()).toHaveLength(before)
  })
})

describe('what a scan finds in another region of the own account', () => {
  test('is told with its findings, and no role is asked for', async () => {
    const before = assumed().length
    const where = { account: HOME, region: FAR }
    const image = imageAt(where, 'far/api', flaws(2))
    await rig.happens(sentFrom(where, scanned(image, flaws(2))))
    expect(only(image)).toMatchObject({ subject: { account: HOME, region: FAR }, notices: [] })
    expect(named(only(image))).toHaveLength(2)
    expect(assumed()).toHaveLength(before)
  })

  test('is told with its counts where the region is none of those that are swept', async () => {
    const where = { account: HOME, region: 'eu-west-1' }
    const image = imageAt(where, 'farther/api', flaws(2))
    await rig.happens(sentFrom(where, scanned(image, flaws(2))))
    expect(only(image)).toMatchObject({ counts: { HIGH: 2 }, items: [] })
  })
})

describe('a repository that somebody changed in another account', () => {
  const changed = (repository: string): object => {
    const { detail: _, ...head } = scanned({ repository, digest: '', tags: [] }, [], 'basic') as { detail: object }
    return {
      ...head,
      'detail-type': 'AWS API Call via CloudTrail',
      detail: {
        ...{ eventSource: 'ecr.amazonaws.com', eventName: 'PutImageTagMutability', eventTime: '2026-11-24T00:00:00Z' },
        userIdentity: { type: 'AssumedRole', arn: `arn:aws:sts::${HOME}:assumed-role/Admin/bob` },
        requestParameters: { repositoryName: repository },
      },
    }
  }

  test('is judged there, and told with who changed it', async () => {
    const where = { account: MEMBER, region: FAR }
    const { repository } = imageAt(where, 'prod/changed', [])
    await rig.happens(sentFrom(where, changed(repository)))
    expect(rig.published({ repository, digest: '', tags: [] })).toMatchObject([
      { subject: where, facts: expect.arrayContaining([{ name: 'Changed by', value: 'Admin/bob' }]) },
    ])
    expect(assumed().at(-1)?.input).toMatchObject({ RoleSessionName: 'ecr-steward-watch', ExternalId: 'steward-7' })
  })

  test('is unknown where the role cannot be assumed, and the alert says what to do', async () => {
    const where = { account: LOCKED }
    const { repository } = imageAt(where, 'prod/shut', [])
    await rig.happens(sentFrom(where, changed(repository)))
    const [alert] = rig.published({ repository, digest: '', tags: [] })
    for (const { text } of alert?.items ?? []) expect(text).toContain('cannot be assumed: AccessDenied; deploy')
    expect(alert?.items.length).toBeGreaterThan(0)
  })
})

describe('a push', () => {
  const told = (repository: string) =>
    rig.published({ repository, digest: '', tags: [] }).map((alert) => [alert.subject.account, named(alert).toSorted()])

  test('into another account is judged there, and nothing is put right', async () => {
    const [where, repository] = [{ account: MEMBER }, 'prod/member']
    const image = imageAt(where, repository, [])
    const from = aws.calls.length
    await rig.happens(sentFrom(where, pushed(image)))
    const fails = ['lifecycle-policy', 'non-root-user', 'scan-on-push', 'tag-immutability']
    expect(told(repository)).toEqual([[where.account, fails]])
    expect(only(image).notices).toEqual([
      'Nothing is put right in this registry: the steward only reads there.',
      `Commands are for credentials of account ${MEMBER}: with others they change what has the same name there.`,
    ])
    const writes = aws.calls
      .slice(from)
      .filter(({ operation }) => /^(?:Put|Set|Delete)\w*(?:Image|Repo)/.test(operation))
    expect(writes).toEqual([])
    expect(aws.at(where).ecr.repository(repository)?.settings.imageScanningConfiguration).not.toEqual({
      scanOnPush: true,
    })
  })

  test('into another region of the own account is judged there', async () => {
    const where = { account: HOME, region: FAR }
    const image = imageAt(where, 'prod/far', [])
    await rig.happens(sentFrom(where, pushed(image)))
    expect(told('prod/far')[0]).toEqual([HOME, ['lifecycle-policy', 'non-root-user', 'tag-immutability']])
  })

  test('of the same image into two accounts is told for each', async () => {
    const images = [MEMBER, OTHER].map((account) => ({
      where: { account },
      image: imageAt({ account }, 'prod/twin', []),
    }))
    await rig.happens(...images.map(({ where, image }) => sentFrom(where, pushed(image))))
    expect(
      told('prod/twin')
        .map(([account]) => account)
        .toSorted(),
    ).toEqual([MEMBER, OTHER])
  })

  test('into an account whose role cannot be assumed makes no rule pass', async () => {
    const where = { account: LOCKED }
    const image = imageAt(where, 'prod/locked', [])
    await rig.happens(sentFrom(where, pushed(image)))
    expect(told('prod/locked')).toHaveLength(1)
    const texts = only(image).items.map(({ text }) => text)
    expect(texts.length).toBeGreaterThan(0)
    for (const text of texts) expect(text).toContain('cannot be assumed: AccessDenied; deploy the member stack')
  })

  test('into a registry that nobody sweeps is left alone', async () => {
    const where = { account: '555555555555' }
    await rig.happens(sentFrom(where, pushed(imageAt(where, 'prod/stranger', []))))
    expect(told('prod/stranger')).toEqual([])
    expect(rig.said('push-check')).toEqual(['elsewhere'])
  })
})
