import type { Gathered, ReadScan } from '../../../functions/domain/gate/gathered.ts'
import { image } from '../../builders.ts'
import { detail, platformScan } from '../rules/facts.ts'

export const NOW = new Date('2026-11-20T09:05:00Z')

/** An image for one platform whose scan found nothing, without exceptions and rules, at the limits of the default. */
export const gathered = (change: Partial<Gathered> = {}): Gathered => ({
  kind: 'gate',
  image: image(),
  detail: detail(),
  tag: '1.4.2',
  scans: [platformScan()],
  waited: 0,
  rules: [],
  limits: { CRITICAL: 0, HIGH: 0 },
  limitsFrom: 'default',
  fixableOnly: false,
  exceptions: [],
  lenient: false,
  now: NOW,
  ...change,
})

export const member = (platform: string, change: Partial<ReadScan> = {}): ReadScan => ({
  ...platformScan({ digest: `sha256:${platform.length.toString().repeat(64).slice(0, 64)}`, platform }),
  ...change,
})
