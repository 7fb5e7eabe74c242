import { createHash } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/**
 * ECR with very many images, in a process of its own: the local AWS holds each image, which takes too much memory here.
 * It knows what planning a clean-up asks for. Arguments: repositories, images of each, milliseconds of each call.
 */
const [REPOSITORIES = 0, IMAGES = 0, LATENCY = 0] = process.argv.slice(2).map(Number)

/** Longest page that ECR gives. */
const PAGE = 1_000
const DAY = 86_400
const NOW = Date.parse('2026-11-28T03:00:00Z') / 1_000
const ACCOUNT = '123456789012'

type Input = { readonly repositoryName?: string; readonly nextToken?: string }
type Answer = { readonly status: number; readonly body: string }

const ok = (body: unknown): Answer => ({ status: 200, body: JSON.stringify(body) })

/** The start of digests that differ by repository, so that a page takes no hash for each image. */
const prefixOf = (repository: string): string => createHash('sha256').update(repository).digest('hex').slice(0, 56)

const image = (repositoryName: string, prefix: string, number: number) => ({
  ...{ registryId: ACCOUNT, repositoryName, imageDigest: `sha256:${prefix}${number.toString(16).padStart(8, '0')}` },
  ...(number % 4 === 0 ? {} : { imageTags: [`pr-${number}`] }),
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
    repositoryName: `ci/service-${from + index}`,
  }))
  return ok({ repositories, ...(to < REPOSITORIES && { nextToken: String(to) }) })
}

const OPERATIONS: Readonly<Record<string, (input: Input) => Answer>> = {
  DescribeImages: describeImages,
  DescribeRepositories: describeRepositories,
  GetRepositoryPolicy: () => ({ status: 400, body: '{"__type":"RepositoryPolicyNotFoundException"}' }),
  GetRegistryPolicy: () => ({ status: 400, body: '{"__type":"RegistryPolicyNotFoundException"}' }),
}

async function answer(target: string, text: string, response: ServerResponse): Promise<void> {
  const operation = target.split('.').pop() ?? ''
  const { status, body } = OPERATIONS[operation]?.(JSON.parse(text)) ?? { status: 400, body: '{"__type":"Unknown"}' }
  await pause(LATENCY)
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(body)
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    void answer(String(request.headers['x-amz-target']), Buffer.concat(chunks).toString(), response)
  })
})

server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
