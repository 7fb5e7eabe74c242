import type { States } from './definition.ts'
import { InvalidDefinition } from './errors.ts'
import { Fields } from './fields.ts'
import type { Json } from './json.ts'
import { compilePath, type Path } from './path.ts'
import { compileTemplate, type Template } from './template.ts'

type Common = {
  readonly processor: States
  readonly items: Path | undefined
  /** What an item is for its processor; the item itself where there is none. */
  readonly select: Template | undefined
  readonly concurrency: number
}

/** A Map state that runs in its execution. */
export type Inline = Common & { readonly kind: 'inline' }

export type ItemReader = {
  readonly type: 'JSON' | 'JSONL'
  readonly most: number | undefined
  /** Bucket and Key. */
  readonly parameters: Template
}

export type ItemBatcher = { readonly most: number; readonly input: Template | undefined }

/** A Map state with an execution for every item or batch. */
export type Distributed = Common & {
  readonly kind: 'distributed'
  readonly label: string | undefined
  readonly reader: ItemReader | undefined
  readonly batcher: ItemBatcher | undefined
  /** Bucket and Prefix. */
  readonly writer: Template | undefined
  readonly tolerated: { readonly percentage: number | undefined; readonly count: number | undefined }
}

type CompileStates = (fields: Fields) => States

/** What only a distributed map has. */
const DISTRIBUTED = [
  ...['ItemReader', 'ItemBatcher', 'ResultWriter', 'ToleratedFailurePercentage', 'ToleratedFailureCount', 'Label'],
]

const templateOf = (fields: Fields, name: string): Template | undefined => {
  const value = fields.get(name)
  return value === undefined ? undefined : compileTemplate(value, fields.at(name))
}

function needTemplate(fields: Fields, name: string): Template {
  const template = templateOf(fields, name)
  if (!template) throw new InvalidDefinition(fields.at(name), 'an object belongs here')
  return template
}

/** The integration of a reader or a writer. */
function checkResource(fields: Fields, operation: string): void {
  const resource = fields.needText('Resource')
  if (!new RegExp(`^arn:[^:]+:states:::s3:${operation}$`).test(resource))
    throw new InvalidDefinition(fields.at('Resource'), `s3:${operation} is honoured, not ${resource}`)
}

function readerOf(value: Json, where: string): ItemReader {
  const fields = new Fields(value, where, ['Resource', 'ReaderConfig', 'Parameters'])
  checkResource(fields, 'getObject')
  const config = new Fields(fields.get('ReaderConfig'), fields.at('ReaderConfig'), ['InputType', 'MaxItems'])
  const type = config.needText('InputType')
  if (type !== 'JSON' && type !== 'JSONL')
    throw new InvalidDefinition(config.at('InputType'), `JSON and JSONL are honoured, not ${type}`)
  new Fields(fields.get('Parameters'), fields.at('Parameters'), ['Bucket', 'Bucket.$', 'Key', 'Key.$'])
  return { type, most: config.number('MaxItems', 1), parameters: needTemplate(fields, 'Parameters') }
}

function batcherOf(value: Json, where: string): ItemBatcher {
  const fields = new Fields(value, where, ['MaxItemsPerBatch', 'BatchInput'])
  const most = fields.number('MaxItemsPerBatch', 1)
  if (most === undefined) throw new InvalidDefinition(fields.at('MaxItemsPerBatch'), 'a number belongs here')
  return { most, input: templateOf(fields, 'BatchInput') }
}

function writerOf(value: Json, where: string): Template {
  const fields = new Fields(value, where, ['Resource', 'Parameters'])
  checkResource(fields, 'putObject')
  new Fields(fields.get('Parameters'), fields.at('Parameters'), ['Bucket', 'Bucket.$', 'Prefix', 'Prefix.$'])
  return needTemplate(fields, 'Parameters')
}

const part = <T>(fields: Fields, name: string, read: (value: Json, where: string) => T): T | undefined => {
  const value = fields.get(name)
  return value === undefined ? undefined : read(value, fields.at(name))
}

function distributedOf(fields: Fields, common: Common): Distributed {
  const percentage = fields.number('ToleratedFailurePercentage')
  if (percentage !== undefined && percentage > 100)
    throw new InvalidDefinition(fields.at('ToleratedFailurePercentage'), 'it is 0 to 100')
  return {
    ...common,
    kind: 'distributed',
    label: fields.text('Label'),
    reader: part(fields, 'ItemReader', readerOf),
    batcher: part(fields, 'ItemBatcher', batcherOf),
    writer: part(fields, 'ResultWriter', writerOf),
    tolerated: { percentage, count: fields.number('ToleratedFailureCount') },
  }
}

const PROCESSOR = ['ProcessorConfig', 'StartAt', 'States', 'Comment', 'QueryLanguage']

/** @throws {InvalidDefinition} */
export function compileMap(fields: Fields, compileStates: CompileStates): Inline | Distributed {
  const processor = new Fields(fields.get('ItemProcessor'), fields.at('ItemProcessor'), PROCESSOR)
  const where = processor.at('ProcessorConfig')
  const config = new Fields(processor.get('ProcessorConfig') ?? {}, where, ['Mode', 'ExecutionType'])
  const mode = config.text('Mode') ?? 'INLINE'
  if (fields.has('Parameters') && fields.has('ItemSelector'))
    throw new InvalidDefinition(fields.where, 'ItemSelector takes the place of Parameters')
  const common: Common = {
    processor: compileStates(processor),
    items: part(fields, 'ItemsPath', compilePath),
    select: templateOf(fields, 'ItemSelector') ?? templateOf(fields, 'Parameters'),
    concurrency: fields.number('MaxConcurrency') || Number.POSITIVE_INFINITY,
  }
  if (mode === 'INLINE') {
    const foreign = DISTRIBUTED.find((name) => fields.has(name))
    if (foreign !== undefined) throw new InvalidDefinition(fields.at(foreign), 'a distributed map alone has it')
    return { ...common, kind: 'inline' }
  }
  if (mode !== 'DISTRIBUTED' || config.text('ExecutionType') !== 'STANDARD')
    throw new InvalidDefinition(where, 'INLINE, or DISTRIBUTED with the ExecutionType STANDARD, is honoured')
  return distributedOf(fields, common)
}
