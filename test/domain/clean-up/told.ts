import type { ApplyReport } from '../../../functions/domain/clean-up/outcome.ts'
import type { Plan, PlanItem } from '../../../functions/domain/clean-up/plan.ts'

export const STORE = 's3://steward-store/clean-up/123456789012/ap-northeast-1'

export const digestOf = (number: number): string => `sha256:${number.toString(16).padStart(64, '0')}`

export const planItem = (number: number, change: Partial<PlanItem> = {}): PlanItem => ({
  repository: 'ci/api',
  digest: digestOf(number),
  tags: [`build-${number}`],
  action: 'delete',
  isIndex: false,
  policy: 'lifecycle/ci.json',
  rule: 1,
  reason: 'beyond the newest 20',
  pushedAt: '2026-10-01T00:00:00.000Z',
  pulledAt: null,
  status: 'ACTIVE',
  sizeBytes: 250_000_000,
  ...change,
})

export const planItems = (count: number, change: Partial<PlanItem> = {}): PlanItem[] =>
  Array.from({ length: count }, (_, index) => planItem(index + 1, change))

const sum = (items: readonly PlanItem[]) => {
  const bytes = items.reduce((total, { sizeBytes }) => total + sizeBytes, 0)
  return { images: items.length, bytes, dollarsPerMonth: (bytes / 1e9) * 0.1 }
}

/** A plan that adds up; its hash is that of no plan. */
export const plan = (change: Partial<Plan> = {}): Plan => {
  const items = change.items ?? planItems(2)
  return {
    version: 1,
    id: '2026-11-25t03-00z',
    account: '123456789012',
    region: 'ap-northeast-1',
    createdAt: '2026-11-25T03:00:00.000Z',
    expiresAt: '2026-11-26T03:00:00.000Z',
    atMost: { images: 500, shareOfRepository: 0.2, shareOfRegistry: 0.1 },
    population: { 'ci/api': 40, 'ci/web': 10 },
    inventory: { at: '2026-11-25T03:00:00.000Z', sources: [] },
    items,
    protected: [],
    blocked: [],
    heldBack: [],
    totals: {
      delete: sum(items.filter(({ action }) => action === 'delete')),
      archive: { ...sum(items.filter(({ action }) => action === 'archive')), dollarsPerMonth: 0 },
    },
    hash: '0'.repeat(64),
    ...change,
  }
}

export const applied = (change: Partial<ApplyReport> = {}): ApplyReport => ({
  plan: '2026-11-25t03-00z',
  ...{ deleted: 2, archived: 0, alreadyGone: 0, freedBytes: 500_000_000, left: 0 },
  ...{ kept: [], failed: [] },
  ...change,
})
