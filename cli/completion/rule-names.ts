import { RULES } from '../../functions/domain/rulebook.ts'

/** Bundling the command line puts the names in the place of this file, and leaves the rules out. */
export const ruleNames = (): readonly string[] => RULES.map(({ id }) => id)
