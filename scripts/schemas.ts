import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type ConversionConfig, type JsonSchema, toJsonSchema } from '@valibot/to-json-schema'
import { CheckResultSchema } from '../cli/check/result.ts'
import { DoctorResultSchema } from '../cli/doctor/result.ts'
import { FindResultSchema } from '../cli/find/result.ts'
import { ImagesResultSchema } from '../cli/images/result.ts'
import { PreviewSchema } from '../cli/lifecycle/preview-result.ts'
import { ReplayedSchema } from '../cli/replay/result.ts'
import { VerifyImageResultSchema } from '../cli/verify/image-result.ts'
import { ConfigFileSchema } from '../config/schema.ts'
import { AlertSchema } from '../functions/domain/alert.ts'
import { PlanSchema } from '../functions/domain/clean-up/plan.ts'
import { GateResultSchema } from '../functions/domain/gate/result.ts'
import { SweepReportSchema } from '../functions/domain/sweep/report.ts'
import { actionPage } from './action-page.ts'
import { ALERT_DESCRIPTIONS } from './alert-descriptions.ts'
import { cliPage } from './cli-page.ts'
import { GATE_DESCRIPTIONS } from './gate-descriptions.ts'
import { rulesDocument } from './rules-document.ts'

/** A file of the repository that is generated, and what it has to hold. Paths from the root of the repository. */
export type GeneratedFile = { readonly path: string; readonly text: string }

/** The converter knows records of text keys only; the keys of ours are severities. */
const recordsByPicklist: ConversionConfig['overrideSchema'] = ({ valibotSchema: schema }) => {
  if (schema.type !== 'record' || !('key' in schema) || !('value' in schema)) return undefined
  const { key, value } = schema as {
    key: Parameters<typeof toJsonSchema>[0]
    value: Parameters<typeof toJsonSchema>[0]
  }
  const { $schema: _key, ...propertyNames } = toJsonSchema(key)
  const { $schema: _value, ...additionalProperties } = toJsonSchema(value)
  return { type: 'object', propertyNames, additionalProperties }
}

/** Expressions of JSON Schema are read as Unicode: the flag `u` needs no word there, and another one has none. */
const unicodeByDefault: ConversionConfig['overrideAction'] = ({ valibotAction, jsonSchema }) => {
  if (valibotAction.type !== 'regex' || !('requirement' in valibotAction)) return undefined
  const { source, flags } = valibotAction.requirement as RegExp
  return flags === 'u' ? { ...jsonSchema, pattern: source } : undefined
}

/** `ignoreActions`: what only the reader can say, such as that a day exists. */
const configSchema = (): JsonSchema =>
  toJsonSchema(ConfigFileSchema, { typeMode: 'input', ignoreActions: ['check'], overrideAction: unicodeByDefault })

/** The same schema with the sentence of each path. */
function described(schema: JsonSchema, sentences: Readonly<Record<string, string>>, path = ''): JsonSchema {
  const description = sentences[path]
  const { properties, items } = schema
  return {
    ...schema,
    ...(description === undefined ? {} : { description }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, property]) => {
          const inner = path === '' ? name : `${path}.${name}`
          return [name, typeof property === 'boolean' ? property : described(property, sentences, inner)]
        }),
      ),
    }),
    ...(items && !Array.isArray(items) && typeof items !== 'boolean'
      ? { items: described(items, sentences, `${path}[]`) }
      : {}),
  }
}

const WIDTH = 120

const inlineList = (value: unknown): string =>
  Array.isArray(value) ? `[${value.map(inlineList).join(', ')}]` : JSON.stringify(value)

/** As the formatter of this repository writes JSON: one key a line, short lists on one line. */
function format(value: unknown, indent: string, lead: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = `${indent}  `
  if (Array.isArray(value)) {
    const plain = value.flat().every((item) => typeof item !== 'object')
    if (plain && indent.length + lead + inlineList(value).length < WIDTH) return inlineList(value)
    return `[\n${value.map((item) => inner + format(item, inner, 0)).join(',\n')}\n${indent}]`
  }
  if (Object.keys(value).length === 0) return '{}'
  const lines = Object.entries(value).map(([key, item]) => {
    const name = `${JSON.stringify(key)}: `
    return inner + name + format(item, inner, name.length)
  })
  return `{\n${lines.join(',\n')}\n${indent}}`
}

const render = (id: string, { $schema, ...schema }: JsonSchema): string =>
  `${format({ $schema, $id: id, ...schema }, '', 0)}\n`

const alertSchema = (): JsonSchema => ({
  ...described(
    toJsonSchema(AlertSchema, { typeMode: 'output', overrideSchema: recordsByPicklist }),
    ALERT_DESCRIPTIONS,
  ),
  title: 'ecr-steward alert',
  description: 'What is published on the alerts topic: the body of a message to SQS, Lambda and HTTPS subscribers.',
})

const checkSchema = (): JsonSchema => ({
  ...toJsonSchema(CheckResultSchema, { typeMode: 'output' }),
  title: 'ecr-steward check',
  description: 'What ecr-steward check --json writes. Fields may be added; what changes one raises schemaVersion.',
})

const findSchema = (): JsonSchema => ({
  ...toJsonSchema(FindResultSchema),
  title: 'ecr-steward find',
  description:
    'What ecr-steward find --output json writes. Fields may be added; what changes one raises schemaVersion.',
})

const imagesSchema = (): JsonSchema => ({
  ...toJsonSchema(ImagesResultSchema, { typeMode: 'output' }),
  title: 'ecr-steward images',
  description: 'What ecr-steward images --json writes. Fields may be added; what changes one raises schemaVersion.',
})

const verifySchema = (): JsonSchema => ({
  ...toJsonSchema(VerifyImageResultSchema, { typeMode: 'output' }),
  title: 'ecr-steward verify',
  description:
    'What ecr-steward verify IMAGE --output json writes. Fields may be added; what changes one raises schemaVersion.',
})

const doctorSchema = (): JsonSchema => ({
  ...toJsonSchema(DoctorResultSchema, { typeMode: 'output' }),
  title: 'ecr-steward doctor',
  description: 'What ecr-steward doctor --json writes. Fields may be added; what changes one raises schemaVersion.',
})

const planSchema = (): JsonSchema => ({
  ...toJsonSchema(PlanSchema, { typeMode: 'output' }),
  title: 'ecr-steward clean-up plan',
  description:
    'What ecr-steward clean-up plan writes, and clean-up apply carries out. An edited plan is refused: hash is over all the rest.',
})

const previewSchema = (): JsonSchema => ({
  ...toJsonSchema(PreviewSchema, { typeMode: 'output' }),
  title: 'ecr-steward lifecycle preview',
  description: 'What ecr-steward lifecycle preview --json writes. Fields may be added.',
})

const replaySchema = (): JsonSchema => ({
  ...toJsonSchema(ReplayedSchema, { typeMode: 'output', overrideSchema: recordsByPicklist }),
  title: 'ecr-steward replay',
  description:
    'A line of what ecr-steward replay --json writes. Fields may be added; what changes one raises schemaVersion.',
})

const sweepReportSchema = (): JsonSchema => ({
  ...toJsonSchema(SweepReportSchema, { typeMode: 'input' }),
  title: 'ecr-steward sweep report',
  description:
    'report.json of a sweep. Of repositories, what is 0, false or empty is absent. Fields may be added; what changes the meaning of one raises schemaVersion.',
})

const gateSchema = (): JsonSchema => ({
  ...described(toJsonSchema(GateResultSchema, { typeMode: 'output' }), GATE_DESCRIPTIONS),
  title: 'ecr-steward gate',
  description:
    'What ecr-steward gate and scan write with --output json. Fields may be added; what changes the meaning of one raises schemaVersion.',
})

/** JSON Schemas of what is read and written, in draft 07, which editors and most validators read; and the pages on rules, on the command line and on the action. */
export const generatedFiles = (): readonly GeneratedFile[] => [
  {
    path: 'steward.schema.json',
    text: render('urn:ecr-steward:configuration:1', configSchema()),
  },
  { path: 'docs/alert.schema.json', text: render('urn:ecr-steward:alert:1', alertSchema()) },
  { path: 'docs/rules.md', text: rulesDocument() },
  { path: 'docs/check.schema.json', text: render('urn:ecr-steward:check:1', checkSchema()) },
  { path: 'docs/doctor.schema.json', text: render('urn:ecr-steward:doctor:1', doctorSchema()) },
  { path: 'docs/clean-up-plan.schema.json', text: render('urn:ecr-steward:clean-up-plan:1', planSchema()) },
  { path: 'docs/gate.schema.json', text: render('urn:ecr-steward:gate:1', gateSchema()) },
  { path: 'docs/find.schema.json', text: render('urn:ecr-steward:find:1', findSchema()) },
  { path: 'docs/images.schema.json', text: render('urn:ecr-steward:images:1', imagesSchema()) },
  {
    path: 'docs/lifecycle-preview.schema.json',
    text: render('urn:ecr-steward:lifecycle-preview:1', previewSchema()),
  },
  { path: 'docs/replay.schema.json', text: render('urn:ecr-steward:replay:1', replaySchema()) },
  {
    path: 'docs/sweep-report.schema.json',
    text: render('urn:ecr-steward:sweep-report:1', sweepReportSchema()),
  },
  { path: 'docs/verify.schema.json', text: render('urn:ecr-steward:verify:1', verifySchema()) },
  { path: 'docs/cli.md', text: cliPage() },
  { path: 'docs/action.md', text: actionPage() },
]

/** Paths of the generated files under `root` that are absent or do not hold what they have to. */
export const outdated = (root: string): readonly string[] =>
  generatedFiles()
    .filter(({ path, text }) => !existsSync(resolve(root, path)) || readFileSync(resolve(root, path), 'utf8') !== text)
    .map(({ path }) => path)

/**
 * Writes what is out of date under `root`, or only says so.
 * @returns the exit code, and a line for people
 */
export function refresh(root: string, check: boolean): { readonly code: number; readonly line: string } {
  const stale = outdated(root)
  if (stale.length === 0) return { code: 0, line: 'Schemas are up to date.' }
  if (check) {
    return { code: 1, line: `Out of date: ${stale.join(', ')}. Run npm run schemas and commit what it writes.` }
  }
  for (const { path, text } of generatedFiles()) if (stale.includes(path)) writeFileSync(resolve(root, path), text)
  return { code: 0, line: `Written: ${stale.join(', ')}` }
}

if (import.meta.main) {
  const { code, line } = refresh(resolve(import.meta.dirname, '..'), process.argv.includes('--check'))
  console.log(line)
  process.exitCode = code
}
