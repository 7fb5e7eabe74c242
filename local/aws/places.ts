import { layerUrls } from './ecr/layer-urls.ts'
import { ecrService } from './ecr/service.ts'
import { type EcrState, Registry } from './ecr/state.ts'
import { AwsError } from './error.ts'
import { callInProcess } from './in-process.ts'
import { Keys, type KmsState } from './kms/keys.ts'
import { kmsService } from './kms/service.ts'
import type { Buckets } from './s3/state.ts'
import type { Service, Surroundings } from './service.ts'
import { createWorkloads, type Workloads } from './workloads.ts'

export type PlaceRef = { readonly account: string; readonly region: string }

/** What an account has in a region of its own: its registry, its keys, and what runs images there. */
export type Place = Workloads &
  PlaceRef & {
    ecr: EcrState
    kms: KmsState
    /** An operation of ECR in this process, as `LocalAws.call` does it. @throws AwsError as AWS does */
    call(service: 'ecr', operation: string, input: object): unknown
  }

type Stored = { place: Place; services: readonly Service[]; urls: ReturnType<typeof layerUrls>; keys: Keys }

/** How a service answers to credentials that a region does not know, because the account has not enabled it. */
const UNKNOWN_CLIENT: Readonly<Record<Service['protocol'], readonly [code: string, status: number]>> = {
  json: ['UnrecognizedClientException', 400],
  'rest-json': ['UnrecognizedClientException', 403],
  query: ['InvalidClientTokenId', 403],
  'rest-xml': ['InvalidAccessKeyId', 403],
}

/** The accounts and regions of the local AWS: each is there, and empty, when it is first asked for. */
export class Places {
  readonly #around: Surroundings
  readonly #hasSecret: (arn: string) => boolean
  readonly #buckets: Buckets
  readonly #all = new Map<string, Stored>()
  readonly #disabled = new Set<string>()

  /**
   * @param around of the first of them
   * @param buckets of all of them, in the region of the first
   */
  constructor(around: Surroundings, hasSecret: (arn: string) => boolean, buckets: Buckets) {
    this.#around = around
    this.#hasSecret = hasSecret
    this.#buckets = buckets
  }

  at(ref: PlaceRef): Place {
    return this.#need(ref).place
  }

  /** The services that answer for this place alone. */
  servicesAt(ref: PlaceRef): readonly Service[] {
    return this.#need(ref).services
  }

  disableRegion(region: string): void {
    this.#disabled.add(region)
  }

  /**
   * @throws AwsError where the accounts have not enabled the region
   * @see https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
   */
  checkRegion(region: string, protocol: Service['protocol']): void {
    if (!this.#disabled.has(region)) return
    const [code, status] = UNKNOWN_CLIENT[protocol]
    throw new AwsError(code, 'The security token included in the request is invalid.', status)
  }

  /** The registry that a URL of a layer leads to. */
  ofLayer(pathname: string): (Pick<Stored, 'urls'> & Pick<Place, 'ecr'>) | undefined {
    const found = [...this.#all.values()].find(({ urls }) => urls.isOurs(pathname))
    return found && { urls: found.urls, ecr: found.place.ecr }
  }

  #need(ref: PlaceRef): Stored {
    const key = `${ref.account} ${ref.region}`
    const stored = this.#all.get(key) ?? this.#create(ref)
    this.#all.set(key, stored)
    return stored
  }

  #create({ account, region }: PlaceRef): Stored {
    const around = { ...this.#around, account, region }
    const [urls, ecr] = [layerUrls(around), new Registry(around, this.#hasSecret)]
    const route = { registry: ecr, buckets: this.#buckets, bucketRegion: this.#around.region }
    const workloads = createWorkloads(around, route)
    const keys = new Keys(around, (other) => this.#need({ account: other, region }).keys)
    const services = [ecrService(ecr, urls), kmsService(keys, around), ...workloads.services]
    const call: Place['call'] = (service, operation, input) => callInProcess(services, service, operation, input)
    return { place: { account, region, ecr, kms: keys, call, ...workloads.states }, services, urls, keys }
  }
}
