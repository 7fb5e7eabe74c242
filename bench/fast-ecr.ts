import { createHash } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/**
 * ECR with very many images, in a process of its own: the local AWS holds each image, which takes too much memory here.
 * It knows what planning a clean-up and a sweep ask for. Arguments: repositories, images of each, milliseconds of each call,
 * findings of each image: with any, all images have a tag. It sends its port, and answers each message with its calls.
 */
const [REPOSITORIES = 0, IMAGES = 0, LATENCY = 0, FINDINGS = 0] = process.argv.slice(2).map(Number)

/** Longest page that ECR gives. */
const PAGE = 1_000
const DAY = 86_400
const SEVERITIES = ['LOW', 'MEDIUM', 'LOW', 'HIGH', 'MEDIUM', 'LOW', 'CRITICAL', 'MEDIUM']
const NOW = Date.parse('2026-11-28T03:00:00Z') / 1_000
const ACCOUNT = '123456789012'

type Input = {
  readonly repositoryName?: string
  readonly nextToken?: string
  readonly imageId?: { readonly imageDigest: string }
}
type Answer = { readonly status: number; readonly body: string }

const ok = (body: unknown): Answer => ({ status: 200, body: JSON.stringify(body) })

/** The start of digests that differ by repository, so that a page takes no hash for each image. */
const prefixOf = (repository: string): string => createHash('sha256').update(repository).digest('hex').slice(0, 56)

const image = (repositoryName: string, prefix: string, number: number) => ({
  ...{ registryId: ACCOUNT, repositoryName, imageDigest: `sha256:${prefix}${number.toString(16).padStart(8, '0')}` },
  ...(number % 4 === 0 && FINDINGS === 0 ? {} : { imageTags: [`pr-${number}`] }),
  ...{ imageSizeInBytes: 50_000_000 + number, imagePushedAt: NOW - (number % 100) * DAY, imageStatus: 'ACTIVE' },
  imageManifestMediaType: 'application/vnd.oci.image.manifest.v1+json',
  artifactMediaType: 'application/vnd.oci.image.config.v1+json',
})

function describeImages({ repositoryName = '', nextToken = '0' }: Input): Answer {
  const [from, prefix] = [Number(nextToken), prefixOf(repositoryName)]
  const to = Math.min(from + PAGE, IMAGES)
  const imageDetails = Array.from({ length: to - from }, (_, index) => image(repositoryName, prefix, from + index))
  return ok({ imageDetails, ...(to < IMAGES && { nextToken: String(to) }) })
}

function describeRepositories({ nextToken = '0' }: Input): Answer {
  const from = Number(nextToken)
  const to = Math.min(from + PAGE, REPOSITORIES)
  const repositories = Array.from({ length: to - from }, (_, index) => ({
    ...{ repositoryName: `team-${(from + index) % 20}/service-${from + index}`, imageTagMutability: 'MUTABLE' },
  }))
  return ok({ repositories, ...(to < REPOSITORIES && { nextToken: String(to) }) })
}

/** Answers with findings of enhanced scanning: many images have the same. */
const SCANS: readonly Answer[] = Array.from({ length: FINDINGS > 0 ? 300 : 0 }, (_, scan) => {
  const enhancedFindings = Array.from({ length: FINDINGS }, (_, index) => finding(scan * 7 + index * 3))
  return ok({ imageScanStatus: { status: 'ACTIVE' }, imageScanFindings: { enhancedFindings } })
})

function finding(number: number) {
  const [name, fixedInVersion] = [`package-${number % 61}`, `3.0.${10 + (number % 5)}`]
  const layer = createHash('sha256')
    .update(`layer ${number % 40}`)
    .digest('hex')
  return {
    ...{ severity: SEVERITIES[number % SEVERITIES.length], status: 'ACTIVE', score: 4 + (number % 6) },
    packageVulnerabilityDetails: {
      vulnerabilityId: `CVE-2026-${10_000 + (number % 977)}`,
      sourceUrl: `https://nvd.nist.gov/vuln/detail/CVE-2026-${10_000 + (number % 977)}`,
      vulnerablePackages: [{ name, version: '3.0.9', fixedInVersion, sourceLayerHash: `sha256:${layer}` }],
    },
  }
}

/** Images of a repository have ten kinds of scans, which are much alike; of other repositories they have others. */
function describeImageScanFindings({ imageId }: Input): Answer {
  const digest = imageId?.imageDigest ?? ''
  const [group, number] = [digest.slice(-12, -8), digest.slice(-8)].map((text) => Number.parseInt(text, 16))
  return SCANS[(Number(group) % 30) * 10 + (Number(number) % 10)] as Answer
}

const OPERATIONS: Readonly<Record<string, (input: Input) => Answer>> = {
  DescribeImages: describeImages,
  DescribeRepositories: describeRepositories,
  GetRepositoryPolicy: () => ({ status: 400, body: '{"__type":"RepositoryPolicyNotFoundException"}' }),
  GetRegistryPolicy: () => ({ status: 400, body: '{"__type":"RegistryPolicyNotFoundException"}' }),
  DescribeImageScanFindings: describeImageScanFindings,
  GetLifecyclePolicy: () => ({ status: 400, body: '{"__type":"LifecyclePolicyNotFoundException"}' }),
  GetRegistryScanningConfiguration: () => ok({ scanningConfiguration: { scanType: 'ENHANCED', rules: [] } }),
  ListTagsForResource: () => ok({ tags: [] }),
  // Of STS, in its own protocol.
  GetCallerIdentity: () => ({ status: 200, body: `<Account>${ACCOUNT}</Account>` }),
}

const calls: Record<string, number> = {}

async function answer(target: string, text: string, response: ServerResponse): Promise<void> {
  const operation = target.split('.').pop() ?? ''
  calls[operation] = (calls[operation] ?? 0) + 1
  const { status, body } = OPERATIONS[operation]?.(JSON.parse(text)) ?? { status: 400, body: '{"__type":"Unknown"}' }
  await pause(LATENCY)
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(body)
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const [target, text] = [request.headers['x-amz-target'], Buffer.concat(chunks).toString()]
    void (target ? answer(String(target), text, response) : answer('GetCallerIdentity', '{}', response))
  })
})

server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
process.on('message', () => process.send?.(calls))
