import { isDeepStrictEqual } from 'node:util'
import type { StackResource } from '../../../aws/cloudformation.ts'
import { type Resource, type Template, TemplateError } from '../../template.ts'
import type { Resources } from '../registry/apply.ts'
import { type Asking, ask, asTexts, type Question } from './request.ts'

export const isCustom = (type: string): boolean =>
  type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource'

/** Those that others refer to come first; the rest as the template has them. */
function inOrder(template: Template): string[] {
  const ids = template.contents.filter(({ type }) => isCustom(type)).map(({ logicalId }) => logicalId)
  const ordered = new Set<string>()
  const add = (id: string, above: readonly string[]): void => {
    if (above.includes(id)) throw new TemplateError(`Resources.${id}`, `it refers to itself, by ${above.join(', ')}`)
    for (const other of template.dependencies(id)) if (ids.includes(other)) add(other, [...above, id])
    ordered.add(id)
  }
  for (const id of ids) add(id, [])
  return [...ordered]
}

type Properties = StackResource['properties']

/** The custom resources of one deployment: one after the other, each when those are there that it refers to. */
export class CustomResources {
  readonly resources = new Map<string, StackResource>()
  readonly #asking: Asking
  readonly #before: Resources
  /** What takes back what was done, the last first. */
  readonly #undo: Question[] = []
  /** What is over when all went well. */
  readonly #old: Question[] = []

  /** @param before what the stack had */
  constructor(asking: Asking, before: Resources) {
    this.#asking = asking
    this.#before = new Map([...before].filter(([, { type }]) => isCustom(type)))
  }

  /** @throws {TemplateError} with the reason of the one that failed */
  async apply(template: Template): Promise<void> {
    for (const id of inOrder(template)) {
      const resource = template.resource(id)
      const kept = await this.#put(resource, asTexts(resource.properties) as Properties)
      template.know(id, { name: kept.name, ref: kept.name, attributes: kept.attributes ?? {} })
      this.resources.set(id, kept)
    }
    for (const [logicalId, { type, name: physicalId, properties, isRetained }] of [...this.#before].reverse())
      if (this.resources.get(logicalId)?.type !== type && !isRetained)
        this.#old.push({ request: 'Delete', logicalId, type, properties, physicalId })
  }

  async #put({ logicalId, type, where, isRetained }: Resource, properties: Properties): Promise<StackResource> {
    const last = this.#before.get(logicalId)
    const before = last?.type === type ? last : undefined
    if (before && isDeepStrictEqual(before.properties, properties)) return { ...before, isRetained }
    const about = { logicalId, type }
    const question: Question = before
      ? { ...about, request: 'Update', properties, physicalId: before.name, before: before.properties }
      : { ...about, request: 'Create', properties }
    const { failure, physicalId, data } = await ask(question, this.#asking)
    if (before)
      this.#undo.unshift({
        ...question,
        request: 'Update',
        properties: before.properties,
        physicalId: physicalId ?? before.name,
        before: properties,
      })
    else if (physicalId !== undefined) this.#undo.unshift({ ...about, request: 'Delete', properties, physicalId })
    if (failure !== undefined) throw new TemplateError(where, `${type} failed: ${failure}`)
    if (before && before.name !== physicalId)
      this.#old.push({ ...about, request: 'Delete', properties: before.properties, physicalId: before.name })
    return { type, name: String(physicalId), properties, isRetained, attributes: data }
  }

  /** As CloudFormation rolls back. @returns sentences on what failed again */
  takeBack(): Promise<string[]> {
    return this.#askAll(this.#undo)
  }

  /** Lets go what was replaced, and what left the template. @returns sentences on what failed */
  cleanUp(): Promise<string[]> {
    return this.#askAll(this.#old)
  }

  /** Deletes all there is, the last made first. @returns sentences on what failed */
  remove(): Promise<string[]> {
    const all = [...this.resources].reverse().filter(([, { isRetained }]) => !isRetained)
    return this.#askAll(
      all.map(([logicalId, { type, name: physicalId, properties }]) => ({
        ...{ request: 'Delete', logicalId, type, properties, physicalId },
      })),
    )
  }

  async #askAll(questions: readonly Question[]): Promise<string[]> {
    const failures: string[] = []
    for (const question of questions) {
      const { failure } = await ask(question, this.#asking)
      if (failure !== undefined) failures.push(`${question.type} ${question.logicalId} could not be undone: ${failure}`)
    }
    return failures
  }
}
