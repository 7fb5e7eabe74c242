import type { Webhook } from './webhook.ts'

/**
 * Keeps posts to one webhook apart within this process; other instances keep their own distance.
 * @param spacing milliseconds between two posts
 */
export function pacer(spacing: number, now: () => number) {
  const free = new Map<string, number>()
  return (webhook: Webhook, most: number): number | undefined => {
    const at = now()
    const wait = Math.max(0, (free.get(webhook.reveal()) ?? 0) - at)
    if (wait > most) return undefined
    free.set(webhook.reveal(), at + wait + spacing)
    return wait
  }
}
