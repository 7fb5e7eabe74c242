import type { StewardEvent } from './domain/event.ts'

/** An event with what its delivery tells: how often it was received, and how to name it in a batch response. */
export type Delivery<E extends StewardEvent = StewardEvent> = {
  readonly event: E
  readonly messageId: string
  readonly receives: number
}

/** Events that are worked on together. */
export type Delivered = { readonly deliveries: readonly Delivery[] }

/** How often the least received of them came. */
export const receivesOf = ({ deliveries }: Delivered): number => Math.min(...deliveries.map(({ receives }) => receives))

/** Receives after which a read that fails for now is no longer waited for: what it would have said is unknown then. */
const PATIENCE = 3

export const isPatient = (delivered: Delivered): boolean => receivesOf(delivered) < PATIENCE

/** Milliseconds in which ECR may not yet show what its event says. Afterwards the read is believed. */
const SETTLING = 15 * 60_000

export const isYoung = ({ deliveries }: Delivered, now: Date): boolean =>
  deliveries.some(({ event }) => now.getTime() - Date.parse(event.time) < SETTLING)

/** Ids of the events, each once. */
export const eventsOf = ({ deliveries }: Delivered): readonly string[] => [
  ...new Set(deliveries.map(({ event }) => event.id)),
]
