import { isObject } from './is-object.ts'
import { type Json, type RawResource, readStack, type StackFiles } from './template/assembly.ts'
import { TemplateError } from './template/error.ts'
import { type Identity, identityOf, nameProperty, type Place } from './template/identity.ts'
import { NO_VALUE, referredTo, resolveValue, type Scope } from './template/intrinsics.ts'
import { type ParameterValues, valuesOf } from './template/parameters.ts'

export { TemplateError } from './template/error.ts'

/** A resource whose intrinsic functions have been replaced. */
export type Resource = {
  readonly logicalId: string
  readonly type: string
  /** Construct path without the stack; the logical id where it is not known. */
  readonly path: string
  readonly identity: Identity
  readonly properties: Json
  /** Whether it stays when it leaves the template. */
  readonly isRetained: boolean
  /** Where its properties are in the template, for errors. */
  readonly where: string
}

export type Template = {
  /** The resources of a type, in the order of the template, without those whose condition is false. */
  resources(type: string): Resource[]
  /** One by its logical id. @throws {TemplateError} */
  resource(logicalId: string): Resource
  /** Logical ids of what a resource refers to, or is made after. */
  dependencies(logicalId: string): ReadonlySet<string>
  /** Says what refers to a resource that only its creation tells of. */
  know(logicalId: string, identity: Identity): void
  /** Every resource whose condition is not false, in the order of the template. */
  readonly contents: readonly Pick<Resource, 'logicalId' | 'type' | 'path'>[]
  readonly parameterNames: readonly string[]
  outputs(): Record<string, string>
  /** Of the outputs, those that other stacks may import, by the name of their export. */
  exports(): Record<string, string>
  exportNames(): string[]
  /** The folder or file of an asset. @throws {TemplateError} */
  asset(s3Key: string, where: string): string
  readonly place: Place
}

export type Given = {
  /** Values of parameters; the others have their defaults. */
  readonly parameters?: ParameterValues
  /** What other stacks export. */
  readonly imports?: ReadonlyMap<string, string>
}

const UNNAMED: Identity = { name: '', ref: '', attributes: {} }

function pseudoParameters({ account, region, stack }: Place): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>([
    ['AWS::AccountId', account],
    ['AWS::Region', region],
    ['AWS::Partition', 'aws'],
    ['AWS::URLSuffix', 'amazonaws.com'],
    ['AWS::StackName', stack],
    ['AWS::StackId', `arn:aws:cloudformation:${region}:${account}:stack/${stack}/00000000-0000-4000-8000-000000000000`],
    ['AWS::NotificationARNs', []],
    ['AWS::NoValue', NO_VALUE],
  ])
}

class StackTemplate implements Template {
  readonly place: Place
  readonly #files: StackFiles
  readonly #values: ReadonlyMap<string, unknown>
  readonly #identities = new Map<string, Identity>()
  readonly #scope: Scope

  constructor(files: StackFiles, place: Place, { parameters = {}, imports }: Given) {
    this.place = place
    this.#files = files
    this.#values = new Map([...pseudoParameters(place), ...valuesOf(files.template.Parameters ?? {}, parameters)])
    this.#scope = {
      region: place.region,
      ref: (id, where) => this.#ref(id, where),
      attribute: (id, name, where) => this.#attribute(id, name, where),
      condition: (name, where) => this.#condition(name, where),
      mapping: (map, first, second, where) => this.#mapping(map, first, second, where),
      imported(name, where) {
        const value = imports?.get(name)
        if (value === undefined) throw new TemplateError(where, `no stack exports ${name}`)
        return value
      },
    }
  }

  get parameterNames(): readonly string[] {
    return Object.keys(this.#files.template.Parameters ?? {})
  }

  get contents(): Template['contents'] {
    return Object.entries(this.#files.template.Resources)
      .filter(([id, raw]) => this.#isWanted(id, raw))
      .map(([logicalId, { Type: type }]) => ({ logicalId, type, path: this.#pathOf(logicalId) }))
  }

  resources(type: string): Resource[] {
    return Object.entries(this.#files.template.Resources)
      .filter(([id, raw]) => raw.Type === type && this.#isWanted(id, raw))
      .map(([logicalId, raw]) => this.#resource(logicalId, raw))
  }

  resource(logicalId: string): Resource {
    return this.#resource(logicalId, this.#raw(logicalId, `Resources.${logicalId}`))
  }

  dependencies(logicalId: string): ReadonlySet<string> {
    const { Properties, DependsOn = [] } = this.#raw(logicalId, `Resources.${logicalId}`)
    return new Set([...referredTo(Properties), ...[DependsOn].flat()])
  }

  know(logicalId: string, identity: Identity): void {
    this.#identities.set(logicalId, identity)
  }

  outputs(): Record<string, string> {
    return Object.fromEntries(
      this.#outputs().map(([name, { Value }]) => [name, this.#outputText(name, 'Value', Value)]),
    )
  }

  exports(): Record<string, string> {
    return Object.fromEntries(
      this.#exported().map(([name, { Value }, exportName]) => [exportName, this.#outputText(name, 'Value', Value)]),
    )
  }

  exportNames(): string[] {
    return this.#exported().map(([, , exportName]) => exportName)
  }

  asset(s3Key: string, where: string): string {
    const path = this.#files.assets.get(s3Key)
    if (path === undefined) throw new TemplateError(where, `no asset of the assembly has the key ${s3Key}`)
    return path
  }

  #outputs(): [name: string, output: Json][] {
    return Object.entries(this.#files.template.Outputs ?? {}).filter(
      ([name, { Condition }]) => typeof Condition !== 'string' || this.#condition(Condition, `Outputs.${name}`),
    )
  }

  #exported(): [name: string, output: Json, exportName: string][] {
    return this.#outputs().flatMap(([name, output]) =>
      isObject(output.Export) ? [[name, output, this.#outputText(name, 'Export.Name', output.Export.Name)]] : [],
    )
  }

  #outputText(name: string, part: string, value: unknown): string {
    return String(resolveValue(value, `Outputs.${name}.${part}`, this.#scope))
  }

  #pathOf(logicalId: string): string {
    return this.#files.paths.get(logicalId) ?? logicalId
  }

  #isWanted(id: string, { Condition }: RawResource): boolean {
    return Condition === undefined || this.#condition(Condition, `Resources.${id}.Condition`)
  }

  #resource(logicalId: string, raw: RawResource): Resource {
    const where = `Resources.${logicalId}.Properties`
    return {
      logicalId,
      type: raw.Type,
      path: this.#pathOf(logicalId),
      identity: this.#identity(logicalId) ?? UNNAMED,
      isRetained: (raw.DeletionPolicy ?? 'Delete').startsWith('Retain'),
      properties: resolveValue(raw.Properties ?? {}, where, this.#scope) as Json,
      where,
    }
  }

  #identity(logicalId: string): Identity | undefined {
    const known = this.#identities.get(logicalId)
    if (known) return known
    const raw = this.#files.template.Resources[logicalId]
    if (!raw) return undefined
    const property = nameProperty(raw.Type) ?? ''
    const where = `Resources.${logicalId}.Properties.${property}`
    const given = resolveValue(raw.Properties?.[property], where, this.#scope)
    const identity = identityOf(raw.Type, logicalId, { [property]: given }, this.place)
    if (identity) this.#identities.set(logicalId, identity)
    return identity
  }

  #ref(id: string, where: string): unknown {
    if (this.#values.has(id)) return this.#values.get(id)
    if (this.#files.template.Parameters?.[id]) throw new TemplateError(where, `the parameter ${id} has no default`)
    return this.#need(id, where).ref
  }

  #attribute(id: string, name: string, where: string): string {
    const value = this.#need(id, where).attributes[name]
    if (value === undefined)
      throw new TemplateError(where, `the local run does not know the attribute ${name} of ${id}`)
    return value
  }

  #raw(id: string, where: string): RawResource {
    const raw = this.#files.template.Resources[id]
    if (!raw) throw new TemplateError(where, `there is no resource ${id}`)
    return raw
  }

  #need(id: string, where: string): Identity {
    const { Type: type } = this.#raw(id, where)
    const identity = this.#identity(id)
    if (!identity) throw new TemplateError(where, `the local run does not know what refers to ${id}, a ${type}`)
    return identity
  }

  #condition(name: string, where: string): boolean {
    const condition = this.#files.template.Conditions?.[name]
    if (condition === undefined) throw new TemplateError(where, `there is no condition ${name}`)
    return resolveValue(condition, `Conditions.${name}`, this.#scope) === true
  }

  #mapping(map: string, first: string, second: string, where: string): unknown {
    const value = this.#files.template.Mappings?.[map]?.[first]?.[second]
    if (value === undefined) throw new TemplateError(where, `Mappings.${map}.${first}.${second} does not exist`)
    return value
  }
}

/**
 * Reads a stack of a cloud assembly, to be resolved for `place`.
 * @throws {TemplateError} when there is no such assembly or stack, or a parameter may not have its value
 */
export const loadTemplate = (assembly: string, place: Place, given: Given = {}): Template =>
  new StackTemplate(readStack(assembly, place.stack), place, given)
