/** An event pattern that EventBridge would refuse. `path` is where in the pattern: `detail.state[0]`. */
export class PatternError extends Error {
  override readonly name = 'PatternError'

  constructor(path: string, problem: string) {
    super(`event pattern, at ${path || 'the top'}: ${problem}`)
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
