import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { RULES } from '../../../functions/domain/rulebook.ts'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { createClock } from '../../../local/clock.ts'
import { steward } from '../../cli/cli.ts'
import { imageManifest, indexManifest, layer, member, type Stored, stored } from '../../policy/image/manifests.ts'
import type { Build } from './dockerfile.ts'
import { imageConfigOf } from './image-config.ts'

const NOW = new Date('2026-11-25T12:00:00Z')
const ARCHITECTURES = ['amd64', 'arm64'] as const

/** What is attached to an image is no matter of how it is built. */
const ATTACHED = ['evidence', 'sboms']

/** Rules on what is in images. */
export const IMAGE_RULES: readonly string[] = RULES.filter(
  ({ about, needs }) => about === 'image' && !needs.some((need) => ATTACHED.includes(need)),
).map(({ id }) => id)

/** Each of them with its own defaults, but that both platforms are asked for. */
const CONFIG = `alerts:
  - { repositories: ["**"], to: [sns] }
policy:
  - repositories: ["**"]
    rules:
      platforms: { mode: report, required: [linux/amd64, linux/arm64] }
${IMAGE_RULES.filter((id) => id !== 'platforms')
  .map((id) => `      ${id}: report\n`)
  .join('')}`

/** What those say who build it. */
export const GIVEN = {
  SOURCE: 'https://github.com/acme/web',
  REVISION: '9fceb02d0ae598e95dc970b74767f19372d61af8',
  VERSION: '1.4.2',
}

export type Verdict = {
  readonly rule: string
  readonly outcome: string
  readonly reason: string
  readonly evidence: readonly { readonly name: string; readonly value: string }[]
}

type Subject = { readonly kind: string; readonly repository: string; readonly verdicts: readonly Verdict[] }

/** A local AWS to which the images of Dockerfiles are pushed, and where `ecr-steward check` judges all of them. */
export function registry() {
  const folder = mkdtempSync(join(tmpdir(), 'steward-images-'))
  writeFileSync(join(folder, 'steward.yaml'), CONFIG)
  let aws: LocalAws
  beforeAll(async () => {
    aws = await startLocalAws({ clock: createClock(NOW.getTime()) })
  })
  afterAll(async () => {
    await aws.close()
    rmSync(folder, { recursive: true })
  })

  function put(repositoryName: string, { text, digest }: Stored, imageTag?: string): void {
    aws.ecr.putImage({ repositoryName, imageManifest: text, ...(imageTag !== undefined && { imageTag }) })
    aws.ecr.putScan(repositoryName, digest, { status: { status: 'COMPLETE' }, findings: [], completedAt: NOW })
  }

  return {
    /** As `docker buildx build --platform linux/amd64,linux/arm64 --push` does, and a scan that finds nothing. */
    push(repositoryName: string, build: Build, args: Readonly<Record<string, string>> = GIVEN, tag = 'v1.4.2'): void {
      aws.ecr.createRepository({ repositoryName })
      const images = ARCHITECTURES.map((architecture) => {
        const config = stored(imageConfigOf(build, { architecture, created: NOW.toISOString(), args }))
        aws.ecr.putBlob(repositoryName, config.text)
        const layers: readonly string[] = JSON.parse(config.text).rootfs.diff_ids
        return imageManifest(config, { layers: layers.map((name) => layer(name)) })
      })
      for (const image of images) put(repositoryName, image)
      const members = images.map((image, index) =>
        member(image, { platform: { os: 'linux', architecture: ARCHITECTURES[index] } }),
      )
      const { text } = indexManifest(members)
      aws.ecr.putImage({ repositoryName, imageManifest: text, imageTag: tag })
    },

    /** What every rule says of each repository's image. */
    async check(): Promise<ReadonlyMap<string, readonly Verdict[]>> {
      const env = { AWS_ENDPOINT_URL: aws.url, AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' }
      const io = { cwd: folder, env: { ...env, AWS_REGION: aws.region }, now: () => NOW }
      const { out, err } = await steward(['check', '--images', '--json'], io)
      if (out === '') throw new Error(err)
      const { subjects } = JSON.parse(out) as { readonly subjects: readonly Subject[] }
      const images = subjects.filter(({ kind }) => kind === 'image')
      return new Map(images.map(({ repository, verdicts }) => [repository, verdicts]))
    },
  }
}
