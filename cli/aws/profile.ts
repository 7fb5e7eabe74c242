import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** The profile that is meant, where one is named. */
export const profileOf = (given: string | undefined, env: NodeJS.ProcessEnv): string | undefined =>
  given ?? (env.AWS_PROFILE || undefined)

/** `[profile prod]` of the configuration; `[default]` has no such word. */
const sectionOf = (line: string): string | undefined =>
  /^\[\s*(?:profile\s+)?["']?([^\]"']+?)["']?\s*\]/.exec(line)?.[1]

/** The region that a profile has in the text of an AWS configuration. */
export function regionIn(text: string, profile: string): string | undefined {
  let section: string | undefined
  for (const line of text.split(/\r?\n/)) {
    section = sectionOf(line) ?? section
    const region = /^region\s*=\s*([\w-]+)/.exec(line)?.[1]
    if (section === profile && region) return region
  }
  return undefined
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // A machine without the file is usual, and whoever needs a region is told so.
    return ''
  }
}

/** Names of the profiles in the text of an AWS configuration. */
export const profilesIn = (text: string): readonly string[] =>
  text.split(/\r?\n/).flatMap((line) => (/^\[\s*(?:sso-session|services)\s/.test(line) ? [] : (sectionOf(line) ?? [])))

const configFile = (env: NodeJS.ProcessEnv): string => env.AWS_CONFIG_FILE || join(env.HOME || homedir(), '.aws/config')

/** Texts of the AWS configuration and of its file with credentials; empty where there is none. */
export const configFiles = (env: NodeJS.ProcessEnv): readonly string[] => [
  read(configFile(env)),
  read(env.AWS_SHARED_CREDENTIALS_FILE || join(env.HOME || homedir(), '.aws/credentials')),
]

/**
 * The region of a profile.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 */
export const profileRegion = (profile: string | undefined, env: NodeJS.ProcessEnv): string | undefined =>
  regionIn(read(configFile(env)), profile ?? 'default')
