import { isObject } from '../is-object.ts'
import { DeliveryFailure } from './delivery-failure.ts'
import { type EventPath, eventPath } from './event-path.ts'

/** The rule that matched, and when (ISO 8601). */
export type Matched = { readonly ruleArn: string; readonly ruleName: string; readonly at: string }

/** What a target is given for an event. @throws {DeliveryFailure} */
export type Input = (event: object, matched: Matched) => string

type Value = (event: object, matched: Matched) => unknown

/** The event without its detail; the one name with a dash is written without it. */
function envelope(event: object): object {
  const rest = Object.entries(event).filter(([name]) => name !== 'detail')
  return Object.fromEntries(rest.map(([name, value]) => [name === 'detail-type' ? 'detailType' : name, value]))
}

const PREDEFINED: Readonly<Record<string, Value>> = {
  'aws.events.rule-arn': (_, { ruleArn }) => ruleArn,
  'aws.events.rule-name': (_, { ruleName }) => ruleName,
  'aws.events.event.ingestion-time': (_, { at }) => at,
  'aws.events.event': envelope,
  'aws.events.event.json': (event) => event,
}

type Part = { readonly text: string } | { readonly name: string; readonly isQuoted: boolean }

const PLACEHOLDER = /<([^<>]*)>/

/** Whether a JSON text that goes on after `text` is inside of a string. */
function endsQuoted(text: string, isQuoted: boolean): boolean {
  const marks = text.replaceAll(/\\./gs, '').split('"').length - 1
  return marks % 2 === 0 ? isQuoted : !isQuoted
}

function partsOf(template: string): Part[] {
  let isQuoted = false
  return template.split(PLACEHOLDER).map((text, index) => {
    if (index % 2 === 1) return { name: text, isQuoted }
    isQuoted = endsQuoted(text, isQuoted)
    return { text }
  })
}

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** One JSON value, or lines of strings. */
const isTemplate = (text: string): boolean =>
  isJson(text) || text.split('\n').every((line) => line.trim() === '' || (line.trim().startsWith('"') && isJson(line)))

const NAME = /^[\w-]{1,256}$/
const MOST_PATHS = 100
const MOST_CHARACTERS = 8192

function valuesOf(paths: Record<string, unknown>): Map<string, Value> {
  if (Object.keys(paths).length > MOST_PATHS) throw new RangeError(`it has more than ${MOST_PATHS} paths`)
  return new Map(
    Object.entries(paths).map(([name, path]) => {
      if (!NAME.test(name) || /^aws/i.test(name)) throw new RangeError(`${name} is no name of a path`)
      const find: EventPath | undefined = eventPath(String(path))
      if (!find) throw new RangeError(`${path} is no path of EventBridge: dots, indices and * are`)
      return [name, (event) => find(event)]
    }),
  )
}

/**
 * A value in its place. Outside of quotes it is JSON, with the quotes of a string. Inside, a string is put as it is,
 * without any escape; what else there is loses its quotes in a text, and keeps them in a JSON. What is not in the event
 * leaves nothing.
 */
function filled(value: unknown, isQuoted: boolean, isText: boolean): string {
  if (value === undefined) return ''
  if (isQuoted && typeof value === 'string') return value
  const json = JSON.stringify(value)
  return isQuoted && isText ? json.replaceAll('"', '') : json
}

/**
 * The input transformer of a target. AWS does not say in public what comes of a JSON that values leave broken: here it is
 * not delivered, so that a template which relies on more than what is documented is found out.
 * @throws {RangeError} for what PutTargets would refuse, or the local run does not know
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function inputTransformer(given: Record<string, unknown>): Input {
  const { InputPathsMap: paths = {}, InputTemplate: template } = given
  if (typeof template !== 'string' || template === '' || template.length > MOST_CHARACTERS)
    throw new RangeError(`an InputTemplate of 1 to ${MOST_CHARACTERS} characters was expected`)
  const values = valuesOf(isObject(paths) ? paths : {})
  const parts = partsOf(template)
  const findValue = (name: string): Value | undefined =>
    values.get(name) ?? (Object.hasOwn(PREDEFINED, name) ? PREDEFINED[name] : undefined)
  const unknown = parts.find((part) => 'name' in part && !findValue(part.name))
  if (unknown && 'name' in unknown)
    throw new RangeError(`the template contains the invalid placeholder ${unknown.name}`)
  if (!isTemplate(parts.map((part) => ('text' in part ? part.text : '0')).join('')))
    throw new RangeError('the template is no JSON, and text has to be in quotes')
  const isText = template.trimStart().startsWith('"')
  return (event, matched) => {
    const result = parts
      .map((part) =>
        'text' in part ? part.text : filled(findValue(part.name)?.(event, matched), part.isQuoted, isText),
      )
      .join('')
    if (isText) return result
    if (!isJson(result)) throw new DeliveryFailure('INVALID_JSON', `The transformed input is no JSON: ${result}`)
    return JSON.stringify(JSON.parse(result))
  }
}
