import type { Resource } from '../template.ts'

const kebab = (text: string): string =>
  text
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()

const PLUMBING = new Set(['Function', 'Worker', 'Handler', 'Lambda'])

/** What people call a function: the word before the colon of its description, else what is telling in its path. */
export function functionName({ path, properties }: Resource): string {
  const [, word] = /^([a-z0-9-]+):/.exec(String(properties.Description ?? '')) ?? []
  if (word !== undefined) return word
  const telling = path.split('/').filter((part) => !PLUMBING.has(part))
  return kebab((telling.length > 0 ? telling : [path]).join('/'))
}

/** `scan-alert/BasicScan`: the construct that the rule is in, and its own id. */
export function ruleName({ path, logicalId, properties }: Resource): string {
  if (path === logicalId) return String(properties.Name ?? logicalId)
  const parts = path.split('/')
  return [...parts.slice(0, -1).map(kebab), parts.at(-1)].join('/')
}
