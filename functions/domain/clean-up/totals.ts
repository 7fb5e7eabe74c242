import { archivingSaves, standardCost } from '../cost.ts'
import type { Plan, PlanItem } from './plan.ts'

const bytesOf = (items: readonly PlanItem[]): number => items.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)

/**
 * What is freed, and saved a month, at most: layers that several images share are counted with each of them, and stay as long
 * as one of these does.
 */
export function totalsOf(items: readonly PlanItem[]): Plan['totals'] {
  const [deleted, archived] = (['delete', 'archive'] as const).map((action) =>
    items.filter((item) => item.action === action),
  ) as [PlanItem[], PlanItem[]]
  return {
    delete: { images: deleted.length, bytes: bytesOf(deleted), dollarsPerMonth: standardCost(bytesOf(deleted)) },
    archive: { images: archived.length, bytes: bytesOf(archived), dollarsPerMonth: archivingSaves(bytesOf(archived)) },
  }
}
