import type { Command } from './command.ts'
import { check } from './commands/check.ts'
import { configSchema } from './commands/config-schema.ts'
import { configShow } from './commands/config-show.ts'
import { configValidate } from './commands/config-validate.ts'
import { explain } from './commands/explain.ts'
import { rules } from './commands/rules.ts'

/** Every command, in the order in which they are listed: a new one is its file and a line here. */
export const COMMANDS: readonly Command[] = [check, rules, explain, configValidate, configShow, configSchema]

/** What commands of two words have in common, by their first. */
export const GROUPS: Readonly<Record<string, string>> = {
  config: 'Checks and shows steward.yaml.',
}
