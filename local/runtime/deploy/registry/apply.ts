import type { StackResource } from '../../../aws/cloudformation.ts'
import { AwsError } from '../../../aws/error.ts'
import type { LocalAws, PlaceRef } from '../../../aws/server.ts'
import { type Resource, type Template, TemplateError } from '../../template.ts'
import { type Call, differ, ifThere, type Kind } from './kind.ts'
import { KINDS } from './kinds.ts'

export type Resources = ReadonlyMap<string, StackResource>

export type Applied = {
  readonly resources: Resources
  /** As CloudFormation rolls back. */
  takeBack(): void
  /** Removes what left the template. @returns sentences on what is left as it is */
  cleanUp(): string[]
}

/** The operations of ECR at a place. */
export const registryCalls = (aws: LocalAws, place: PlaceRef): Call => {
  const { call } = aws.at(place)
  return (operation, input) => call('ecr', operation, input)
}

/** Does something as AWS would; what AWS refuses is an error with its place in the template. */
function attempt(where: string, run: () => void): void {
  try {
    run()
  } catch (error) {
    if (error instanceof AwsError) throw new TemplateError(where, `${error.code}: ${error.message}`)
    throw error
  }
}

function check({ where, type, properties, identity }: Resource, kind: Kind, before: StackResource | undefined): void {
  const unknown = Object.keys(properties).find((name) => !Object.hasOwn(kind.properties, name))
  if (unknown !== undefined) throw new TemplateError(`${where}.${unknown}`, `${type} has no such property`)
  if (!before) return
  const replacing = Object.keys(kind.properties).find(
    (name) => kind.properties[name] === 'replaced' && differ(name, properties, before.properties),
  )
  if (replacing !== undefined)
    throw new TemplateError(
      `${where}.${replacing}`,
      `a change of it would replace ${identity.ref}, which the local run does not do`,
    )
}

function checkSingle(type: string, found: readonly Resource[]): void {
  const [, second] = found
  if (KINDS[type]?.isSingle && second)
    throw new TemplateError(second.where, `a registry has one ${type}; a template with two of them is not deployed`)
}

/** One after the other; when one fails, what was done before is taken back, as CloudFormation does. */
class Run {
  readonly #call: Call
  readonly #before: Resources
  readonly #undo: (() => void)[] = []

  constructor(call: Call, before: Resources) {
    this.#call = call
    this.#before = before
  }

  apply(resource: Resource, kind: Kind): void {
    const { logicalId, type, where, properties, isRetained } = resource
    const [call, name] = [this.#call, resource.identity.name]
    const last = this.#before.get(logicalId)
    const before = last?.type === type ? last : undefined
    check(resource, kind, before)
    if (before) {
      this.#undo.unshift(() => kind.update(call, name, before.properties, properties))
      attempt(where, () => kind.update(call, name, properties, before.properties))
      return
    }
    attempt(where, () => kind.create(call, name, properties))
    if (!isRetained) this.#undo.unshift(() => kind.remove(call, name, properties))
  }

  takeBack(): void {
    for (const undo of this.#undo) undo()
  }
}

/** What left the template; that which AWS does not let go is left and told of, as the update itself is over then. */
function removeOld(call: Call, gone: readonly StackResource[]): string[] {
  return gone.flatMap(({ type, name, properties, isRetained }) => {
    if (isRetained) return [`${type} ${name} is left as it is: its deletion policy is to retain it.`]
    try {
      ifThere(() => KINDS[type]?.remove(call, name, properties))
      return []
    } catch (error) {
      if (error instanceof AwsError) return [`${type} ${name} is left: ${error.message}`]
      throw error
    }
  })
}

/** All of a stack, the last made first. @returns what is left */
export const removeRegistry = (call: Call, resources: Resources): string[] =>
  removeOld(call, [...resources.values()].reverse())

/**
 * Makes and changes what a template has of ECR, as CloudFormation does.
 * @param before what the stack had
 * @throws {TemplateError} for what AWS would refuse, and for what would be replaced; nothing is changed then
 */
export function applyRegistry(template: Template, call: Call, before: Resources): Applied {
  const run = new Run(call, before)
  const wanted = Object.keys(KINDS).map((type) => [type, template.resources(type)] as const)
  try {
    for (const [type, found] of wanted) {
      checkSingle(type, found)
      for (const resource of found) run.apply(resource, KINDS[type] as Kind)
    }
  } catch (error) {
    run.takeBack()
    throw error
  }
  const resources = new Map(
    wanted.flatMap(([, found]) =>
      found.map(({ logicalId, type, identity, properties, isRetained }) => [
        logicalId,
        { type, name: identity.name, properties, isRetained },
      ]),
    ),
  )
  const gone = [...before]
    .filter(([id, { type }]) => Object.hasOwn(KINDS, type) && resources.get(id)?.type !== type)
    .map(([, resource]) => resource)
  return { resources, takeBack: () => run.takeBack(), cleanUp: () => removeOld(call, gone.reverse()) }
}
