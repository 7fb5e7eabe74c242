/** How long calls take, beside the work itself: each of them a random time between the two. Real milliseconds. */
export type Latency = { service: string; operation?: string; minMs: number; maxMs: number }

/** A token bucket for each operation. */
export type RateLimit = {
  service: string
  /** All of the service when absent, each with a bucket of its own. */
  operation?: string
  /** Calls a second, in real time. */
  rate: number
  /** Calls at once. */
  burst: number
}

type Bucket = { tokens: number; at: number }

/** The latest that is about a call decides. */
const about = <T extends { service: string; operation?: string }>(
  all: readonly T[],
  service: string,
  operation: string,
) => all.findLast((one) => one.service === service && (one.operation ?? operation) === operation)

/** Latency and limits on demand. Without any, calls take no time and all of them pass. */
export function createTraffic(now: () => number = () => performance.now(), random: () => number = Math.random) {
  let latencies: Latency[] = []
  let limits: RateLimit[] = []
  let buckets = new Map<string, Bucket>()

  return {
    delay: (latency: Latency): void => void latencies.push(latency),
    limit(limit: RateLimit): void {
      limits.push(limit)
      buckets = new Map()
    },
    clear(): void {
      latencies = []
      limits = []
    },
    /** Milliseconds that a call takes. */
    latencyOf(service: string, operation: string): number {
      const { minMs, maxMs } = about(latencies, service, operation) ?? { minMs: 0, maxMs: 0 }
      return minMs + random() * (maxMs - minMs)
    },
    /** Takes a token for a call; false where none is left, so that it is throttled. */
    admits(service: string, operation: string): boolean {
      const limit = about(limits, service, operation)
      if (!limit) return true
      const key = `${service}:${operation}`
      const { tokens, at } = buckets.get(key) ?? { tokens: limit.burst, at: now() }
      const filled = Math.min(limit.burst, tokens + ((now() - at) * limit.rate) / 1_000)
      const passes = filled >= 1
      buckets.set(key, { tokens: passes ? filled - 1 : filled, at: now() })
      return passes
    },
  }
}
