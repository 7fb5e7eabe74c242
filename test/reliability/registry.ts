import { ECRClient, PutImageCommand } from '@aws-sdk/client-ecr'
import type { Alert } from '../../functions/domain/alert.ts'
import type { Call } from '../../local/aws/server.ts'
import { attestationManifest, imageManifest, indexManifest, type SeedManifest } from '../../local/seed/manifests.ts'
import type { Rig } from './rig.ts'

const REGION = 'ap-northeast-1'

export type Pushed = { readonly repository: string; readonly digest: string; readonly tags: readonly string[] }

type About = {
  readonly tags?: readonly string[]
  /** User of the container; root where it is not given. */
  readonly user?: string
  /** What tells it from another image. */
  readonly layer?: string
}

/** A person at a terminal, and the repositories of a registry that announces what is done to it. */
export function useRegistry(rig: Rig) {
  const { aws } = rig.world
  const { ecr } = aws
  let repositories = 0
  aws.principals.assume('AKIDALICE', 'Admin', 'alice')
  const credentials = { accessKeyId: 'AKIDALICE', secretAccessKey: 'none' }
  const alice = new ECRClient({ endpoint: aws.url, region: REGION, credentials })

  /** A repository of which every rule holds, unless told otherwise, made before anybody listened. */
  function repository({ prefix = 'prod', mutability = 'IMMUTABLE', lifecycle = true } = {}): string {
    const repositoryName = `${prefix}/app-${String(++repositories).padStart(4, '0')}`
    aws.call('ecr', 'CreateRepository', {
      repositoryName,
      imageTagMutability: mutability,
      imageScanningConfiguration: { scanOnPush: true },
      tags: [{ Key: 'Owner', Value: 'team-a' }],
    })
    const rule = {
      rulePriority: 1,
      selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 14 },
      action: { type: 'expire' },
    }
    const lifecyclePolicyText = JSON.stringify({ rules: [rule] })
    if (lifecycle) aws.call('ecr', 'PutLifecyclePolicy', { repositoryName, lifecyclePolicyText })
    return repositoryName
  }

  async function put(repositoryName: string, { text, mediaType, blobs }: SeedManifest, imageTag?: string) {
    for (const blob of blobs) ecr.putBlob(repositoryName, blob)
    const image = { repositoryName, imageManifest: text, imageManifestMediaType: mediaType }
    await alice.send(new PutImageCommand({ ...image, ...(imageTag !== undefined && { imageTag }) }))
  }

  const manifestOf = ({ user, layer = 'debian' }: About, architecture: 'amd64' | 'arm64' = 'amd64') =>
    imageManifest({
      layers: ['debian', layer],
      created: '2026-11-23T09:00:00Z',
      architecture,
      ...(user && { user }),
    })

  /** Pushes an image as a builder does, one tag after the other. */
  async function push(repositoryName: string, { tags = ['1.0.0'], ...about }: About = {}): Promise<Pushed> {
    const manifest = manifestOf(about)
    if (tags.length === 0) await put(repositoryName, manifest)
    for (const tag of tags) await put(repositoryName, manifest, tag)
    return { repository: repositoryName, digest: manifest.digest, tags }
  }

  /** Pushes an image for two platforms with its attestation: three manifests by digest, then the index. */
  async function pushIndex(repositoryName: string, about: About = {}): Promise<Pushed> {
    const images = { amd64: manifestOf(about), arm64: manifestOf(about, 'arm64') }
    const attestation = attestationManifest(images.amd64)
    for (const manifest of [images.amd64, images.arm64, attestation]) await put(repositoryName, manifest)
    const index = indexManifest(images, attestation)
    await put(repositoryName, index, '1.0.0')
    return { repository: repositoryName, digest: index.digest, tags: ['1.0.0'] }
  }

  /** Calls of ECR that a function made since `from`. */
  const callsOf = (from: number): Call[] =>
    aws.calls.slice(from).filter(({ service, operation }) => service === 'ecr' && operation !== 'PutImage')

  /** Alerts about a repository, and what each of them says of rules: `new tag-immutability`. */
  const alerts = (repositoryName: string): Alert[] =>
    aws.sns
      .published()
      .map(({ message }): Alert => JSON.parse(JSON.parse(message).default))
      .filter(({ subject }) => subject.repository === repositoryName)

  const told = (repositoryName: string): string[][] =>
    alerts(repositoryName).map(({ items }) => items.map(({ change, id }) => `${change} ${id}`))

  return { alice, repository, push, pushIndex, callsOf, alerts, told, settle: () => rig.world.cloud.settle() }
}
