import { createHash } from 'node:crypto'
import type * as client from '@aws-sdk/client-apprunner'
import { AwsError } from './error.ts'
import { pageOf } from './listing.ts'
import { sdkService } from './sdk-service.ts'
import type { Handler, Service, Surroundings } from './service.ts'

export type AppRunnerState = {
  /** @param image of ECR; a service from source code where it is not given @returns its ARN */
  createService(name: string, image?: string): string
  deleteService(name: string): void
}

const PAGE = 20

type Stored = { name: string; id: string; arn: string; image: string | undefined }

export class AppRunner implements AppRunnerState {
  readonly services = new Map<string, Stored>()
  readonly #around: Surroundings

  constructor(around: Surroundings) {
    this.#around = around
  }

  createService(name: string, image?: string): string {
    const { region, account } = this.#around
    const id = createHash('sha256').update(name).digest('hex').slice(0, 32)
    const arn = `arn:aws:apprunner:${region}:${account}:service/${name}/${id}`
    this.services.set(name, { name, id, arn, image })
    return arn
  }

  deleteService(name: string): void {
    this.services.delete(name)
  }
}

const sourceOf = (image: string | undefined): client.SourceConfiguration =>
  image === undefined
    ? {
        CodeRepository: {
          RepositoryUrl: 'https://git.example.com/app',
          SourceCodeVersion: { Type: 'BRANCH', Value: 'main' },
        },
      }
    : { ImageRepository: { ImageIdentifier: image, ImageRepositoryType: 'ECR' }, AutoDeploymentsEnabled: false }

const summaryOf = ({ name, id, arn }: Stored) => ({
  ...{ ServiceName: name, ServiceId: id, ServiceArn: arn, Status: 'RUNNING' },
})

const handlersOf = (runner: AppRunner): Record<string, Handler> => ({
  ListServices({ MaxResults = PAGE, NextToken }: client.ListServicesRequest) {
    const { items, next } = pageOf(runner.services.values(), {
      ...{
        keyOf: ({ name }) => name,
        size: Math.min(MaxResults, PAGE),
        token: NextToken,
        wrong: 'InvalidRequestException',
      },
    })
    return { ServiceSummaryList: items.map(summaryOf), NextToken: next }
  },
  DescribeService({ ServiceArn }: client.DescribeServiceRequest) {
    const found = [...runner.services.values()].find(({ arn }) => arn === ServiceArn)
    if (!found) throw new AwsError('ResourceNotFoundException', `Service with ARN ${ServiceArn} does not exist.`)
    return { Service: { ...summaryOf(found), SourceConfiguration: sourceOf(found.image) } }
  },
})

/** What is read of App Runner. @see https://docs.aws.amazon.com/apprunner/latest/api/Welcome.html */
export const appRunnerService = (runner: AppRunner): Service =>
  sdkService({
    name: 'apprunner',
    protocol: 'json',
    client: '@aws-sdk/client-apprunner',
    target: 'AppRunner',
    jsonVersion: '1.0',
    faulty: 'InvalidRequestException',
    handlers: handlersOf(runner),
    requires: (operation, { ServiceArn }) => [
      { action: `apprunner:${operation}`, resource: ServiceArn === undefined ? '*' : String(ServiceArn) },
    ],
  })
