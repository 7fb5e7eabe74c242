import { shellWord } from '../rule/aws-command.ts'

/** A plan, and the store that holds it. */
export type StoredPlan = { readonly id: string; readonly region: string; readonly store: string }

/** The line of a shell that carries out a plan, or takes it back. */
export const cleanUpCommand = (verb: 'apply' | 'undo', { id, region, store }: StoredPlan): string =>
  ['ecr-steward clean-up', verb, id, '--store', shellWord(store), '--region', region, '--yes'].join(' ')
