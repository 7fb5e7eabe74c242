import { type Template, TemplateError } from '../template.ts'
import { CustomResources, isCustom } from './custom/apply.ts'
import type { Asking } from './custom/request.ts'
import { applyRegistry, removeRegistry } from './registry/apply.ts'
import type { Call } from './registry/kind.ts'
import type { Stacks } from './stack.ts'
import { unknownResources } from './unknown.ts'

export type Update = {
  readonly template: Template
  readonly stacks: Stacks
  readonly call: Call
  /** Undefined where custom resources are left alone. */
  readonly asking: Asking | undefined
}

export type Updated = {
  /** Sentences on what was not done, or was left as it is. */
  readonly remarks: readonly string[]
  /** Deletes all of it. @returns sentences on what is left */
  destroy(): Promise<string[]>
}

const leftAlone = (template: Template): string[] =>
  template.contents
    .filter(({ type }) => isCustom(type))
    .map(({ type, path }) => `${type} ${path} is passed over: custom resources are asked where customResources is set.`)

/**
 * What a stack has of ECR, and its custom resources. When something fails, what was done before is taken back.
 * @throws {TemplateError} with the place of what failed
 */
export async function updateStack({ template, stacks, call, asking }: Update): Promise<Updated> {
  const before = stacks.before?.resources ?? new Map()
  const registry = applyRegistry(template, call, before)
  const customs = asking && new CustomResources(asking, before)
  try {
    await customs?.apply(template)
    stacks.keep(template, new Map([...registry.resources, ...(customs?.resources ?? [])]))
  } catch (error) {
    const failures = (await customs?.takeBack()) ?? []
    registry.takeBack()
    if (error instanceof TemplateError && failures.length > 0) error.message = [error.message, ...failures].join('\n')
    throw error
  }
  const remarks = [...unknownResources(template), ...(customs ? await customs.cleanUp() : leftAlone(template))]
  return {
    remarks: [...remarks, ...registry.cleanUp()],
    async destroy() {
      const left = (await customs?.remove()) ?? []
      stacks.forget()
      return [...left, ...removeRegistry(call, registry.resources)]
    },
  }
}
