import type { EnhancedImageScanFinding, ImageScanFinding } from '@aws-sdk/client-ecr'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { gatePorts } from '../../functions/adapters/gate-ports.ts'
import { imageReader } from '../../functions/adapters/image-reader.ts'
import { signedAws } from '../../functions/adapters/signed-aws.ts'
import type { GatePorts, GateQuestion } from '../../functions/gate/ports.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { configuration, imageManifest, indexManifest, member, type Stored } from '../policy/image/manifests.ts'

export const REPOSITORY = 'prod/api'
export const WHEN = new Date('2026-11-20T09:00:00Z')

export const basic = (
  name: string,
  severity: ImageScanFinding['severity'],
  packageName = 'openssl',
): ImageScanFinding => ({
  ...{ name, severity, uri: `https://security.example/${name}` },
  attributes: [
    { key: 'package_name', value: packageName },
    { key: 'package_version', value: '3.0.13' },
  ],
})

export const enhanced = (id: string, severity: string, fixedInVersion?: string): EnhancedImageScanFinding => ({
  ...{ severity, status: 'ACTIVE', fixAvailable: fixedInVersion ? 'YES' : 'NO' },
  packageVulnerabilityDetails: {
    vulnerabilityId: id,
    vulnerablePackages: [{ name: 'libssl3', version: '3.0.13', fixedInVersion }],
  },
})

export type Registry = {
  readonly aws: LocalAws
  readonly env: Readonly<Record<string, string>>
  /** Puts an image, another one for each user. @returns its digest */
  image(tag: string | undefined, user?: string, pushedAt?: Date): string
  /** Puts an index of two images. @returns digests of the index, of linux/amd64 and of linux/arm64 */
  index(tag: string): readonly [string, string, string]
  scan(digest: string, ...findings: readonly ImageScanFinding[]): void
  scanEnhanced(digest: string, ...findings: readonly EnhancedImageScanFinding[]): void
}

/** A local AWS with a repository `prod/api`, which is empty. */
export function startGateRegistry(): Registry {
  let aws: LocalAws
  const put = (manifest: Stored, tag?: string, pushedAt: Date = WHEN): string =>
    aws.ecr.putImage({
      repositoryName: REPOSITORY,
      imageManifest: manifest.text,
      pushedAt,
      ...(tag && { imageTag: tag }),
    }).digest
  const configured = (config: Readonly<Record<string, unknown>>): Stored => {
    const stored = configuration(config)
    aws.ecr.putBlob(REPOSITORY, stored.text)
    return imageManifest(stored)
  }
  const registry = {
    image: (tag: string | undefined, user = 'app', pushedAt?: Date) =>
      put(configured({ config: { User: user } }), tag, pushedAt),
    index(tag: string) {
      const [amd, arm] = [
        configured({ config: { User: tag } }),
        configured({ architecture: 'arm64', config: { User: tag } }),
      ]
      const digests = [put(amd), put(arm)] as const
      const members = [member(amd), member(arm, { platform: { os: 'linux', architecture: 'arm64' } })]
      return [put(indexManifest(members), tag), ...digests] as const
    },
    scan: (digest: string, ...findings: readonly ImageScanFinding[]) =>
      aws.ecr.putScan(REPOSITORY, digest, {
        status: { status: 'COMPLETE' },
        findings: [...findings],
        completedAt: WHEN,
      }),
    scanEnhanced: (digest: string, ...findings: readonly EnhancedImageScanFinding[]) =>
      aws.ecr.putScan(REPOSITORY, digest, {
        status: { status: 'ACTIVE' },
        enhancedFindings: [...findings],
        completedAt: WHEN,
      }),
  } as { -readonly [K in keyof Registry]: Registry[K] }
  beforeAll(async () => {
    aws = await startLocalAws()
    aws.ecr.createRepository({ repositoryName: REPOSITORY })
    registry.aws = aws
    registry.env = {
      ...{ AWS_ENDPOINT_URL: aws.url, AWS_REGION: aws.region },
      ...{ AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' },
    }
  })
  afterEach(() => {
    aws.faults.clear()
    aws.authorize = undefined
  })
  afterAll(() => aws.close())
  return registry
}

/** What is asked of an image of `prod/api` unless told otherwise. */
export const question = ({ aws }: Registry, change: Partial<GateQuestion> = {}): GateQuestion => ({
  ...{ kind: 'gate', name: { tag: '1.4.2' }, limits: { CRITICAL: 0, HIGH: 0 }, limitsFrom: 'default' },
  ...{ fixableOnly: false, exceptions: [], lenient: false, startScan: 'never', timeout: 60_000 },
  repository: { account: aws.account, region: aws.region, repository: REPOSITORY },
  ...change,
})

/** Real calls, and a time that goes by only while something is waited for, for the local AWS too. */
export function ports({ aws, env }: Registry, onPause: (waited: number) => void = () => {}): GatePorts {
  let now = aws.clock.now()
  const began = now
  const reader = imageReader(signedAws(env), { region: aws.region, endpoint: aws.url })
  return {
    ...gatePorts(signedAws(env), aws.region, reader),
    now: () => new Date(now),
    async pause(ms) {
      now += ms
      aws.clock.advanceTo(now)
      onPause(now - began)
    },
  }
}
