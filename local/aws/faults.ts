import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { AwsError } from './error.ts'
import { createTraffic, type Latency, type RateLimit } from './traffic.ts'

export type Fault = {
  service: string
  /** All of the service when absent. */
  operation?: string
  /** Of those alone whose input is such. */
  when?: (input: Readonly<Record<string, unknown>>) => boolean
  /** How many calls it strikes; default 1. `Infinity` until `clear()`. */
  times?: number
  error:
    | { code: string; message?: string; status?: number }
    | { delayMs: number }
    | { drop: true }
    /** A 302 to somewhere else. */
    | { redirectTo: string }
    /** A 200 with these bytes, whatever was asked for. */
    | { body: string | Uint8Array }
}

export type Faults = {
  inject(fault: Fault): void
  /** Lets calls take their time, as over a network. */
  delay(latency: Latency): void
  /** Throttles what comes faster. */
  limit(limit: RateLimit): void
  /** Ends all of it. */
  clear(): void
}

type Armed = Fault & { left: number }

const SERVER_SIDE = /^(Internal|Server|ServiceUnavailable|InternalServerError)/

/**
 * As ECR throttles.
 * @see https://github.com/concourse/docker-image-resource/issues/115
 */
const throttled = (): AwsError => new AwsError('ThrottlingException', 'Rate exceeded')

/** Faults to come, in the order in which they were injected, and what slows calls down. */
export function createFaults(traffic: ReturnType<typeof createTraffic> = createTraffic()): Faults & {
  /** What is to happen to a call, once it has taken its time. @throws AwsError ThrottlingException */
  strike(
    service: string,
    operation: string,
    input?: Readonly<Record<string, unknown>>,
  ): Promise<Fault['error'] | undefined>
} {
  let armed: Armed[] = []
  const next = (service: string, operation: string, input: Readonly<Record<string, unknown>>) => {
    const fault = armed.find(
      (f) => f.service === service && (f.operation ?? operation) === operation && (f.when?.(input) ?? true),
    )
    if (!fault) return undefined
    fault.left -= 1
    if (fault.left <= 0) armed = armed.filter((other) => other !== fault)
    return fault.error
  }
  return {
    inject: (fault) => void armed.push({ ...fault, left: fault.times ?? 1 }),
    delay: traffic.delay,
    limit: traffic.limit,
    clear() {
      armed = []
      traffic.clear()
    },
    async strike(service, operation, input = {}) {
      const passes = traffic.admits(service, operation)
      const latency = traffic.latencyOf(service, operation)
      if (latency > 0) await pause(latency)
      if (!passes) throw throttled()
      return next(service, operation, input)
    },
  }
}

/** The error of a fault; without a status, the one that AWS gives to such a code. */
export function faultError({ code, message, status }: { code: string; message?: string; status?: number }): AwsError {
  const usual = SERVER_SIDE.test(code) ? (code.startsWith('ServiceUnavailable') ? 503 : 500) : 400
  return new AwsError(code, message ?? (usual === 400 ? 'Rate exceeded' : 'Injected fault'), status ?? usual)
}

/** What became of a request that a fault has dealt with; `status` is 0 for a dropped connection. */
export type Struck = { status: number; error: string }

/**
 * Lets a fault happen to a request.
 * @returns undefined where the call goes on
 * @throws AwsError the error of the fault
 */
export async function letHappen(
  fault: Fault['error'],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Struck | undefined> {
  if ('code' in fault) throw faultError(fault)
  if ('delayMs' in fault) {
    await pause(fault.delayMs)
    return undefined
  }
  if ('drop' in fault) {
    request.socket.destroy()
    return { status: 0, error: 'dropped' }
  }
  if ('redirectTo' in fault) {
    response.writeHead(302, { location: fault.redirectTo, 'content-length': 0 }).end()
    return { status: 302, error: 'redirected' }
  }
  response.writeHead(200, { 'content-length': Buffer.byteLength(fault.body) }).end(fault.body)
  return { status: 200, error: 'replaced' }
}
