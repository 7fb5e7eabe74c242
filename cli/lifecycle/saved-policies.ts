import type { RepositoryRef } from '../../functions/domain/facts/repository-facts.ts'
import { shellWord } from '../../functions/domain/rule/aws-command.ts'
import type { Io } from '../io.ts'
import { savedFiles } from '../saved-files.ts'

/** Where policies are kept before they are changed: a folder of its own for each run. */
export type Saved = {
  /** @returns the line that puts it back @throws {CommandError} where it cannot be kept: nothing is changed then */
  keep(ref: RepositoryRef, text: string): string
}

/** Policies below the working directory, never over a file that is there. */
export function savedPolicies(io: Pick<Io, 'cwd' | 'now'>): Saved {
  const files = savedFiles('lifecycle-policies', io)
  return {
    keep(ref, text) {
      const { region, repository } = ref
      const path = files.keep(ref, '.json', text, `the policy of ${repository} is left as it is`)
      const line = ['ecr-steward lifecycle apply', shellWord(path), shellWord(repository)]
      return [...line, '--region', region, '--replace', '--yes'].join(' ')
    },
  }
}
