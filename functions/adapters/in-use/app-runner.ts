import { AwsError } from '../signed-aws.ts'
import { listOf, pages, type Reading, Refused, type SourceKind } from './site.ts'

type Summary = { readonly ServiceArn?: string; readonly ServiceName?: string; readonly Status?: string }
type Service = {
  readonly SourceConfiguration?: { readonly ImageRepository?: { readonly ImageIdentifier?: string } }
}

/** @see https://docs.aws.amazon.com/general/latest/gr/apprunner.html */
const REGIONS = new Set([
  'ap-northeast-1',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'eu-central-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'us-east-1',
  'us-east-2',
  'us-west-2',
])

/**
 * Whether App Runner is not offered there: it has no address, and AWS lists none. Of a region that is listed, a name that is
 * not found is a fault of the network, and nothing is known.
 */
const isNotOffered = (error: unknown, region: string): boolean =>
  error instanceof Refused &&
  error.cause instanceof AwsError &&
  error.cause.code === 'Unreachable' &&
  error.cause.detail.message === 'ENOTFOUND' &&
  !REGIONS.has(region)

async function readService(reading: Reading, { ServiceArn, ServiceName }: Summary): Promise<void> {
  const { Service } = await reading.call('apprunner', 'DescribeService', { ServiceArn })
  const { SourceConfiguration } = (Service ?? {}) as Service
  if (SourceConfiguration === undefined)
    throw new Refused('apprunner:DescribeService', 'without SourceConfiguration', 'check endpoints and proxies')
  reading.use(SourceConfiguration.ImageRepository?.ImageIdentifier, `App Runner service ${ServiceName}`)
}

async function readServices(reading: Reading): Promise<void> {
  const ask = (NextToken: string | undefined) =>
    reading.call('apprunner', 'ListServices', NextToken === undefined ? {} : { NextToken })
  for await (const page of pages(ask, 'NextToken')) {
    const services = listOf<Summary>(page, 'ServiceSummaryList', 'apprunner:ListServices')
    await Promise.all(
      services
        // It is listed for some days, and cannot come back.
        .filter(({ Status }) => Status !== 'DELETED')
        .map((service) => reading.attempt(() => readService(reading, service), 'ResourceNotFoundException')),
    )
  }
}

/** App Runner: the image of every service, also of one that is paused. */
export const appRunner: SourceKind = {
  name: 'app-runner',
  async read(reading) {
    try {
      await readServices(reading)
    } catch (error) {
      if (!isNotOffered(error, reading.site.registry.region)) throw error
    }
  },
}
