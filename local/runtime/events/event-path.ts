import { isObject } from '../is-object.ts'

/** Finds a value in an event; undefined where there is none. */
export type EventPath = (event: unknown) => unknown

type Step = { readonly name: string } | { readonly index: number } | 'all'

/** `.name`, `.*`, `[0]` and `[*]`. */
const STEP = /\.(\*|[\w/-]+)|\[(\*|\d+)\]/y

function stepsOf(path: string): Step[] | undefined {
  if (!path.startsWith('$')) return undefined
  const steps: Step[] = []
  STEP.lastIndex = 1
  for (let end = 1; end < path.length; end = STEP.lastIndex) {
    const found = STEP.exec(path)
    if (!found) return undefined
    const [, name, index] = found
    if (name === '*' || index === '*') steps.push('all')
    else steps.push(name === undefined ? { index: Number(index) } : { name })
  }
  return steps
}

function children(value: unknown, step: Step): readonly unknown[] {
  if (step === 'all') return isObject(value) || Array.isArray(value) ? Object.values(value) : []
  if ('index' in step) return Array.isArray(value) && step.index < value.length ? [value[step.index]] : []
  return isObject(value) && Object.hasOwn(value, step.name) ? [value[step.name]] : []
}

/**
 * A path of EventBridge: dots, indices and wildcards; with a wildcard it finds a list.
 * @returns undefined for JSONPath that EventBridge does not name as its own
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function eventPath(path: string): EventPath | undefined {
  const steps = stepsOf(path)
  if (!steps) return undefined
  return (event) => {
    const found = steps.reduce<readonly unknown[]>(
      (values, step) => values.flatMap((value) => children(value, step)),
      [event],
    )
    return steps.includes('all') && found.length > 0 ? found : found[0]
  }
}
