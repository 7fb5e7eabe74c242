import type { CleanUpPolicy } from '../../functions/domain/clean-up/policy.ts'
import type { Inventory, Use } from '../../functions/domain/in-use/use.ts'
import { parsePolicy } from '../../functions/domain/lifecycle/parse-policy.ts'
import type { LocalAws } from '../../local/aws/server.ts'
import { imageManifest, indexManifest, member, type Stored } from '../policy/image/manifests.ts'

export const NOW = new Date('2026-11-28T03:00:00Z')
const DAY = 86_400_000

/** An image of its own for each name. */
export const manifestOf = (name: string, change: Readonly<Record<string, unknown>> = {}): Stored =>
  imageManifest(undefined, { annotations: { name }, ...change })

export const indexOf = (name: string, members: readonly Stored[]): Stored =>
  indexManifest(
    members.map((one) => member(one)),
    { annotations: { name } },
  )

/** Pushes an image as it was pushed so many days ago. */
export function push(aws: LocalAws, repositoryName: string, { text }: Stored, days: number, imageTag?: string): void {
  aws.ecr.putImage({
    ...{ repositoryName, imageManifest: text, pushedAt: new Date(NOW.getTime() - days * DAY) },
    ...(imageTag !== undefined && { imageTag }),
  })
}

export const lifecycle = (...rules: readonly Readonly<Record<string, unknown>>[]): string =>
  JSON.stringify({
    rules: rules.map(({ action = 'expire', ...selection }, index) => ({
      rulePriority: index + 1,
      selection: { countUnit: 'days', ...selection },
      action: { type: action, ...(action === 'transition' && { targetStorageClass: 'archive' }) },
    })),
  })

/** Everything goes thirty days after its push. */
export const THIRTY_DAYS = lifecycle({ tagStatus: 'any', countType: 'sinceImagePushed', countNumber: 30 })

export const cleanUp = (change: Partial<CleanUpPolicy> = {}, text = THIRTY_DAYS): CleanUpPolicy => ({
  mode: 'dry-run',
  schedule: 'cron(0 3 * * ? *)',
  slack: [],
  atMost: { images: 1_000, shareOfRepository: 1, shareOfRegistry: 1 },
  entries: [{ repositories: ['ci/**'], policy: 'lifecycle/ci.json', rules: parsePolicy(text).rules ?? [], line: 7 }],
  inUse: { taskDefinitions: 5, regions: [], accounts: [], ignoreSources: [], ignoreAccounts: [], pins: [] },
  ...change,
})

/** That of one source, which is complete unless told otherwise. */
export const inventoryOf = (
  { account, region }: Pick<LocalAws, 'account' | 'region'>,
  uses: readonly Use[] = [],
  incomplete?: string,
): Inventory => ({
  at: NOW.getTime() - 1_000,
  reports: [{ source: 'ecs', registry: { account, region }, uses, incomplete }],
})
