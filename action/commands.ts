import type { Command } from '../cli/command.ts'
import { gate } from '../cli/commands/gate.ts'

/** What the bundle of the action has in the place of cli/commands.ts: the command that it runs. */
export const COMMANDS: readonly Command[] = [gate]

export const GROUPS: Readonly<Record<string, string>> = {}
