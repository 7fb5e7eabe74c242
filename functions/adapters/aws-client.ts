/** What every SDK client is made with: short timeouts, since the queue is the patient one. Milliseconds. */
export const clientOptions = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 8_000 },
} as const
