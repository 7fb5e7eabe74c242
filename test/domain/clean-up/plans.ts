import type { Plan, PlanDraft, PlanItem } from '../../../functions/domain/clean-up/plan.ts'
import { sealPlan } from '../../../functions/domain/clean-up/seal.ts'

export const planItem = (change: Partial<PlanItem> = {}): PlanItem => ({
  repository: 'ci/web',
  digest: `sha256:${'a1'.repeat(32)}`,
  tags: ['pr-17'],
  action: 'delete',
  isIndex: false,
  policy: 'lifecycle/ci.json',
  rule: 1,
  reason: 'pushed 40 days ago, and rule 1 gives it 30',
  pushedAt: '2026-10-19T08:00:00.000Z',
  pulledAt: null,
  status: 'ACTIVE',
  sizeBytes: 1_000_000,
  ...change,
})

export const planDraft = (change: Partial<PlanDraft> = {}): PlanDraft => ({
  version: 1,
  id: '2026-11-28t03-00-00z-k3j9',
  account: '123456789012',
  region: 'eu-central-1',
  createdAt: '2026-11-28T03:00:00.000Z',
  expiresAt: '2026-11-29T03:00:00.000Z',
  atMost: { images: 500, shareOfRepository: 0.2, shareOfRegistry: 0.1 },
  population: { 'ci/web': 100 },
  inventory: {
    at: '2026-11-28T02:59:50.000Z',
    sources: [{ source: 'ecs', account: '123456789012', region: 'eu-central-1', uses: 12, incomplete: null }],
  },
  items: [planItem()],
  protected: [],
  blocked: [],
  heldBack: [],
  totals: {
    delete: { images: 1, bytes: 1_000_000, dollarsPerMonth: 0.0001 },
    archive: { images: 0, bytes: 0, dollarsPerMonth: 0 },
  },
  ...change,
})

export const plan = (change: Partial<PlanDraft> = {}): Plan => sealPlan(planDraft(change))
