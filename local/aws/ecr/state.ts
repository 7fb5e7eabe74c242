import type * as ecr from '@aws-sdk/client-ecr'
import type { Surroundings } from '../service.ts'
import { type Birth, giveBirth, templateFor } from './creation-templates.ts'
import { imageNotFound, repositoryExists, repositoryNotFound, type Where } from './errors.ts'
import { followDue } from './image-changes.ts'
import { type LifecycleDeed, runLifecycle } from './lifecycle-preview/run.ts'
import { digestOf } from './manifest.ts'
import { adopt, collectOrphans } from './orphans.ts'
import { isExcluded } from './pull-exclusions.ts'
import { putImage } from './put-image.ts'
import { beginSigning, signDue } from './signing.ts'
import { emptyRepository, findImage, type Scan, type StoredImage, type StoredRepository } from './stored.ts'
import { checkMutability } from './tag-mutability.ts'

/** The past of an image: an image whose archiving is later than its activation is in the archive. */
export type Past = { pushedAt?: Date; pulledAt?: Date; archivedAt?: Date; activatedAt?: Date }

export type PutImage = ecr.PutImageRequest & Past

/** The in-process face of the local ECR. */
export type EcrState = {
  /** @throws AwsError RepositoryAlreadyExistsException */
  createRepository(input: ecr.CreateRepositoryRequest): ecr.Repository
  /** As PutImage, with a past of choice. @throws AwsError as PutImage does */
  putImage(input: PutImage): { digest: string }
  /** Keeps a configuration or a layer, as an upload does. @param digest another one than that of the bytes, for tests */
  putBlob(repository: string, bytes: string | Uint8Array, digest?: string): { digest: string }
  /** Says what a scan of the image found, replacing an earlier scan. @throws AwsError ImageNotFoundException */
  putScan(repository: string, digest: string, scan: Scan): void
  /** Says what ECR's own signing of an image came to. @throws AwsError ImageNotFoundException */
  putSigning(repository: string, digest: string, statuses: ecr.ImageSigningStatus[]): void
  /** Assign it to be told of every signature that ECR has made itself. */
  onSigned?: (repository: string, signature: StoredImage) => void
  /** In the order of their names. */
  repositories(): readonly StoredRepository[]
  repository(name: string): StoredRepository | undefined
  /**
   * Does now what ECR does once a day: the lifecycle policy of the repository, or of every one.
   * @returns what was done, in the order in which it was
   */
  runLifecycle(repository?: string): readonly LifecycleDeed[]
  /** Whether the registry scans with Inspector. */
  setScanType(scanType: 'BASIC' | 'ENHANCED'): void
  /**
   * Makes a repository as ECR makes one by itself: for a replica, for what is cached, or because something is pushed. The
   * settings are those of its creation template, or the usual ones. @throws AwsError RepositoryAlreadyExistsException
   */
  bornBy(birth: Birth, repositoryName: string): ecr.Repository
  /** Records the pull of an image, unless whoever pulls is excluded. @param principalArn of IAM, or a session of STS */
  pull(repository: string, image: ecr.ImageIdentifier, principalArn?: string): void
  /** As an account has it that is older than its setting: what PutAccountSetting would no longer take, too. */
  setAccountSetting(name: string, value: string): void
}

/** The private registry of the account and region. */
export class Registry implements EcrState {
  readonly around: Surroundings
  /** Whether Secrets Manager has a secret of that ARN. */
  readonly hasSecret: (arn: string) => boolean
  scanning: ecr.RegistryScanningConfiguration = { scanType: 'BASIC', rules: [] }
  policyText: string | undefined
  replication: ecr.ReplicationConfiguration = { rules: [] }
  signing: ecr.SigningConfiguration | undefined
  onSigned?: (repository: string, signature: StoredImage) => void
  /** By the prefix of their repositories. */
  readonly cacheRules = new Map<string, ecr.PullThroughCacheRule>()
  readonly accountSettings = new Map<string, string>()
  /** Creation templates by their prefix, without a slash at its end. */
  readonly templates = new Map<string, ecr.RepositoryCreationTemplate>()
  /** When a principal was excluded whose pulls are not recorded, by its ARN. */
  readonly exclusions = new Map<string, Date>()
  readonly #repositories = new Map<string, StoredRepository>()
  #order = 0

  constructor(around: Surroundings, hasSecret: (arn: string) => boolean) {
    this.around = around
    this.hasSecret = hasSecret
  }

  createRepository(input: ecr.CreateRepositoryRequest): StoredRepository['settings'] {
    const name = input.repositoryName ?? ''
    if (this.#repositories.has(name)) throw repositoryExists(this.where(name))
    checkMutability(input)
    const { account, region } = this.around
    const settings = {
      repositoryArn: this.arnOf(name),
      registryId: account,
      repositoryName: name,
      repositoryUri: `${account}.dkr.ecr.${region}.amazonaws.com/${name}`,
      createdAt: this.now(),
      imageTagMutability: input.imageTagMutability ?? ('MUTABLE' as const),
      imageTagMutabilityExclusionFilters: input.imageTagMutabilityExclusionFilters,
      imageScanningConfiguration: { scanOnPush: input.imageScanningConfiguration?.scanOnPush ?? false },
      encryptionConfiguration: input.encryptionConfiguration ?? { encryptionType: 'AES256' as const },
    }
    const tags = new Map((input.tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]))
    this.#repositories.set(name, { settings, tags, ...emptyRepository() })
    return settings
  }

  deleteRepository(name: string): void {
    this.#repositories.delete(name)
  }

  putImage({ pushedAt, pulledAt, archivedAt, activatedAt, ...input }: PutImage): StoredImage {
    const repository = this.pushedTo(input.repositoryName)
    const image = putImage(repository, input, {
      where: this.where(input.repositoryName),
      now: this.now(),
      pushedAt: pushedAt ?? this.now(),
      order: () => this.#order++,
    })
    beginSigning(this, repository, image)
    if (pulledAt) image.lastRecordedPullTime = pulledAt
    if (archivedAt) image.lastArchivedAt = archivedAt
    if (activatedAt) image.lastActivatedAt = activatedAt
    if (archivedAt) image.isArchived = activatedAt === undefined || activatedAt < archivedAt
    return image
  }

  putBlob(repository: string, bytes: string | Uint8Array, digest: string = digestOf(bytes)): { digest: string } {
    const stored = this.need(repository)
    adopt(stored, digest)
    stored.blobs.set(digest, Buffer.from(bytes))
    return { digest }
  }

  putScan(repository: string, digest: string, scan: Scan): void {
    const image = this.image(repository, { imageDigest: digest })
    image.scan = scan
    image.scanStartedAt = undefined
  }

  putSigning(repository: string, digest: string, statuses: ecr.ImageSigningStatus[]): void {
    this.image(repository, { imageDigest: digest }).signing = statuses
  }

  repositories(): readonly StoredRepository[] {
    return [...this.#repositories.keys()].sort().map((name) => this.need(name))
  }

  repository(name: string): StoredRepository | undefined {
    const repository = this.#repositories.get(name)
    const now = this.around.clock.now()
    if (!repository) return undefined
    signDue(this, repository, now)
    followDue(repository, now)
    collectOrphans(repository, now)
    return repository
  }

  runLifecycle(repository?: string): readonly LifecycleDeed[] {
    const named = repository === undefined ? this.repositories() : [this.need(repository)]
    return named.flatMap((one) => runLifecycle(one, this.around.clock.now()))
  }

  setScanType(scanType: 'BASIC' | 'ENHANCED'): void {
    this.scanning = { ...this.scanning, scanType }
  }

  bornBy = (birth: Birth, repositoryName: string): ecr.Repository => giveBirth(this, repositoryName, birth)

  pull(repository: string, image: ecr.ImageIdentifier, principalArn = ''): void {
    const pulled = this.image(repository, image)
    if (!isExcluded(this, principalArn)) pulled.lastRecordedPullTime = this.now()
  }

  setAccountSetting = (name: string, value: string): void => void this.accountSettings.set(name, value)

  /** Where something is pushed to: a repository that is not there is made when a creation template says so. */
  pushedTo(name = ''): StoredRepository {
    if (!this.repository(name) && templateFor(this, name, 'CREATE_ON_PUSH')) this.bornBy('CREATE_ON_PUSH', name)
    return this.need(name)
  }

  /** @throws AwsError RepositoryNotFoundException */
  need(name = ''): StoredRepository {
    const repository = this.repository(name)
    if (!repository) throw repositoryNotFound(this.where(name))
    return repository
  }

  /** @throws AwsError RepositoryNotFoundException, ImageNotFoundException */
  image(repository: string | undefined, id: ecr.ImageIdentifier): StoredImage {
    const image = findImage(this.need(repository), id)
    if (!image) throw imageNotFound(id, this.where(repository))
    return image
  }

  arnOf(repository: string): string {
    return `arn:aws:ecr:${this.around.region}:${this.around.account}:repository/${repository}`
  }

  where(repository = ''): Where {
    return { repository, registry: this.around.account }
  }

  now(): Date {
    return new Date(this.around.clock.now())
  }
}
