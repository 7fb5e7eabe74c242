import type { ImageConfig, Suspect } from '../../domain/facts/image-facts.ts'
import { isRecord } from '../../domain/record.ts'
import { verify } from './digest.ts'
import { type Json, listIn, objectIn, parseObject, textIn, unreadable } from './json.ts'
import { platformIn } from './platform.ts'
import { suspectsOf, type Texts } from './secrets/suspects.ts'

const WHAT = 'its configuration'

/** Bytes. */
export const CONFIG_LIMIT = 8 * 1_048_576
/** Longest user; and as much of a label as is kept. Characters. */
const [USER, LABEL] = [256, 1_024]
/** Suspects that are kept: they are told one by one. */
const SUSPECTS = 100

const texts = (json: Json, name: string): readonly string[] => {
  const list = listIn(json, name, WHAT)
  if (!list.every((one): one is string => typeof one === 'string'))
    throw unreadable(`${name} of ${WHAT} is not a list of texts`)
  return list
}

function labelsIn(config: Json): Readonly<Record<string, string>> {
  const labels = objectIn(config, 'Labels', WHAT)
  if (!Object.values(labels).every((one) => typeof one === 'string'))
    throw unreadable(`Labels of ${WHAT} are not all texts`)
  return labels as Readonly<Record<string, string>>
}

/** The health check of Docker: `["NONE"]` takes away that of the base image. */
function hasHealthcheck(config: Json): boolean {
  const test = texts(objectIn(config, 'Healthcheck', WHAT), 'Test')
  return test.length > 0 && test[0] !== 'NONE'
}

function userIn(config: Json): string {
  const user = textIn(config, 'User', WHAT) ?? ''
  if (user.length > USER) throw unreadable(`${WHAT} names a user of more than ${USER} characters`)
  return user
}

const commandsIn = (json: Json): readonly string[] =>
  listIn(json, 'history', WHAT).map((step) => {
    if (!isRecord(step)) throw unreadable(`history of ${WHAT} is not a list of steps`)
    return [textIn(step, 'created_by', WHAT), textIn(step, 'comment', WHAT)].filter(Boolean).join('\n')
  })

/** A value that looks like a secret goes no further, and a name that is one goes with it. */
function keepable(labels: Texts['labels'], suspects: readonly Suspect[]): Texts['labels'] {
  const places = new Set(suspects.map(({ where }) => where))
  return Object.fromEntries(
    Object.entries(labels).flatMap(([name, value], index) => {
      if (places.has(`label ${index + 1}`)) return []
      return [[name, places.has(`label ${name}`) ? '' : value.slice(0, LABEL)]]
    }),
  )
}

const instant = (text: string | undefined): string | undefined =>
  text === undefined || Number.isNaN(Date.parse(text)) ? undefined : new Date(text).toISOString()

/**
 * Reads the configuration that a digest names, and the platform that it is for.
 * @throws {Unreadable} where it is not that one, or cannot be relied upon
 * @see https://github.com/opencontainers/image-spec/blob/main/config.md
 */
export async function readConfig(
  bytes: Buffer,
  digest: string,
): Promise<{ readonly platform: string; readonly config: ImageConfig }> {
  if (bytes.length > CONFIG_LIMIT) throw unreadable(`${WHAT} has more than 8 MiB`)
  verify(bytes, digest, WHAT)
  const json = parseObject(bytes, WHAT)
  const config = objectIn(json, 'config', WHAT)
  const labels = labelsIn(config)
  const suspects = await suspectsOf({ env: texts(config, 'Env'), labels, history: commandsIn(json) })
  return {
    platform: platformIn(json, WHAT),
    config: {
      user: userIn(config),
      labels: keepable(labels, suspects),
      hasHealthcheck: hasHealthcheck(config),
      suspects: suspects.slice(0, SUSPECTS),
      created: instant(textIn(json, 'created', WHAT)),
    },
  }
}
