import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isObject } from '../is-object.ts'
import { TemplateError } from './error.ts'

export type Json = Record<string, unknown>

export type RawResource = {
  readonly Type: string
  readonly Properties?: Json
  readonly Condition?: string
  readonly DeletionPolicy?: string
  readonly DependsOn?: string | readonly string[]
  readonly Metadata?: Json
}

export type RawTemplate = {
  readonly Resources: Readonly<Record<string, RawResource>>
  readonly Parameters?: Readonly<Record<string, Json>>
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Json>>>>
  readonly Conditions?: Json
  readonly Outputs?: Readonly<Record<string, Json>>
}

/** One stack of a cloud assembly, as it lies in the folder. */
export type StackFiles = {
  readonly template: RawTemplate
  /** Construct path without the stack, by logical id: `ScanAlert/BasicScan`. */
  readonly paths: ReadonlyMap<string, string>
  /** Folder or file of an asset by the S3 key that it is deployed under. */
  readonly assets: ReadonlyMap<string, string>
  readonly folder: string
}

function readJson(file: string, next: string): Json {
  if (!existsSync(file)) throw new TemplateError(file, `the file is missing: ${next}`)
  const content: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (!isObject(content)) throw new TemplateError(file, 'an object was expected')
  return content
}

const child = (value: unknown, key: string): unknown => (isObject(value) ? value[key] : undefined)

/** `/Steward/ScanAlert/BasicScan/Resource` → `ScanAlert/BasicScan`. */
const shortPath = (path: string): string =>
  path
    .split('/')
    .filter(Boolean)
    .slice(1)
    .join('/')
    .replace(/\/Resource$/, '')

function pathsOf(metadata: unknown): Map<string, string> {
  const paths = new Map<string, string>()
  for (const [path, entries] of Object.entries(isObject(metadata) ? metadata : {}))
    for (const entry of Array.isArray(entries) ? entries : [])
      if (child(entry, 'type') === 'aws:cdk:logicalId') paths.set(String(child(entry, 'data')), shortPath(path))
  return paths
}

function assetsIn(folder: string, manifest: string): Map<string, string> {
  const assets = new Map<string, string>()
  const { files } = readJson(join(folder, manifest), 'synthesise again')
  for (const file of Object.values(isObject(files) ? files : {})) {
    const source = String(child(child(file, 'source'), 'path'))
    const destinations = child(file, 'destinations')
    for (const destination of Object.values(isObject(destinations) ? destinations : {}))
      assets.set(String(child(destination, 'objectKey')), join(folder, source))
  }
  return assets
}

function assetsOf(folder: string, artifacts: Json): Map<string, string> {
  const manifests = Object.values(artifacts).filter((artifact) => child(artifact, 'type') === 'cdk:asset-manifest')
  const files = manifests.map((artifact) => String(child(child(artifact, 'properties'), 'file')))
  return new Map(files.flatMap((file) => [...assetsIn(folder, file)]))
}

const TEMPLATE = /(?:\.template)?\.json$/

/** What a stack is called that is deployed from a file: `Shop` from `cdk.out/Shop.template.json`. */
export const stackNameOf = (file: string): string => basename(file).replace(TEMPLATE, '')

/**
 * Reads a template from its file, with the assets of CDK where they lie beside it.
 * @throws {TemplateError} when there is no such file, or it is no template
 */
function readTemplate(file: string): StackFiles {
  let template: Json
  try {
    template = readJson(file, 'give the file of a template')
  } catch (error) {
    if (error instanceof SyntaxError) throw new TemplateError(file, 'it is no JSON; templates in YAML are not read')
    throw error
  }
  if (!isObject(template.Resources)) throw new TemplateError(file, 'the template has no Resources')
  const [folder, manifest] = [dirname(file), `${stackNameOf(file)}.assets.json`]
  const paths = Object.entries(template.Resources).flatMap(([id, resource]) => {
    const path = child(child(resource, 'Metadata'), 'aws:cdk:path')
    return typeof path === 'string' ? [[id, shortPath(path)] as const] : []
  })
  const assets = existsSync(join(folder, manifest)) ? assetsIn(folder, manifest) : new Map()
  return { template: template as unknown as RawTemplate, paths: new Map(paths), assets, folder }
}

/**
 * Reads one stack of a cloud assembly (`cdk.out`), or the template of a file.
 * @throws {TemplateError} when there is no such assembly or stack
 */
export function readStack(folder: string, stack: string): StackFiles {
  if (statSync(folder, { throwIfNoEntry: false })?.isFile()) return readTemplate(folder)
  const manifest = readJson(join(folder, 'manifest.json'), 'run "npm run synth" first')
  const artifacts = isObject(manifest.artifacts) ? manifest.artifacts : {}
  const artifact = artifacts[stack]
  if (child(artifact, 'type') !== 'aws:cloudformation:stack') {
    const names = Object.entries(artifacts).filter(([, a]) => child(a, 'type') === 'aws:cloudformation:stack')
    throw new TemplateError(
      join(folder, 'manifest.json'),
      `no stack ${stack}; there is: ${names.map(([n]) => n).join(', ') || 'none'}`,
    )
  }
  const template = readJson(
    join(folder, String(child(child(artifact, 'properties'), 'templateFile'))),
    'synthesise again',
  )
  if (!isObject(template.Resources)) throw new TemplateError(stack, 'the template has no Resources')
  const more = child(artifact, 'additionalMetadataFile')
  const extra = typeof more === 'string' ? readJson(join(folder, more), 'synthesise again') : {}
  const paths = new Map([...pathsOf(child(artifact, 'metadata')), ...pathsOf(extra)])
  return { template: template as unknown as RawTemplate, paths, assets: assetsOf(folder, artifacts), folder }
}
