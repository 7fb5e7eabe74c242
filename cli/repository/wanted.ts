import { type Access, accessRefusal } from '../../functions/domain/new-repository/access.ts'
import {
  judgeRepository,
  type LifecycleWanted,
  PRESET_NAMES,
  type Refusal,
  type RepositoryWanted,
} from '../../functions/domain/new-repository/new-repository.ts'
import { CommandError } from '../command-error.ts'
import type { Io } from '../io.ts'
import { policyFile } from '../lifecycle/policy-file.ts'
import { oneLine, painter } from '../terminal.ts'
import { ownTagOf, tagsOf } from './wanted-tags.ts'

/** What is asked of a new repository, as the command line has it. */
export type Asked = {
  readonly owner: string | undefined
  readonly environment: string | undefined
  readonly project: string | undefined
  readonly tag: readonly string[]
  readonly mutable: boolean
  readonly tagExclusion: readonly string[]
  readonly encryption: 'AES256' | 'KMS' | 'KMS_DSSE' | undefined
  readonly kmsKey: string | undefined
  readonly lifecycle: string | undefined
  readonly pullFrom: readonly string[]
  readonly pushFrom: readonly string[]
  readonly noScanOnPush: boolean
}

/** A value, where it could be read, and what is wrong with what was given. `prop` is the option. */
export type Read<T> = { readonly value: T; readonly refusals: readonly Refusal[] }

const PULL = '--pull-from'
const PUSH = '--push-from'

/** As an account, an organisation or a role; what is none of them is taken for a role, and refused as such. */
function pullerOf(text: string): Access {
  if (/^\d+$/.test(text)) return { may: 'pull', account: text }
  return text.startsWith('o-') ? { may: 'pull', organisation: text } : { may: 'pull', role: text }
}

const WHO = 'an account (twelve digits), the ARN of a role, or the id of an organisation (o-a1b2c3d4e5)'

function accessOf({ pullFrom, pushFrom }: Asked): Read<readonly Access[]> {
  const given = [
    ...pullFrom.map((text) => ({ option: PULL, access: pullerOf(text) })),
    ...pushFrom.map((role): { option: string; access: Access } => ({ option: PUSH, access: { may: 'push', role } })),
  ]
  const refusals = given.flatMap(({ option, access }) => {
    const refusal = accessRefusal(access, () => true)
    return refusal ? [{ ...refusal, prop: option, ...(option === PULL && 'role' in access && { write: WHO }) }] : []
  })
  return { value: refusals.length > 0 ? [] : given.map(({ access }) => access), refusals }
}

/** @throws {CommandError} for a file that cannot be read */
function lifecycleFrom(given: string, io: Io): LifecycleWanted {
  const known = [...PRESET_NAMES, 'none' as const].find((name) => name === given)
  return known ?? { text: policyFile(given, io) }
}

function lifecycleOf({ lifecycle }: Asked, io: Io): Read<LifecycleWanted | undefined> {
  if (lifecycle === undefined) return { value: undefined, refusals: [] }
  try {
    return { value: lifecycleFrom(lifecycle, io), refusals: [] }
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    const write = `${PRESET_NAMES.join(', ')}, none, or a file with a policy`
    return { value: undefined, refusals: [{ prop: '--lifecycle', why: error.message.replace(/\.$/, ''), write }] }
  }
}

/** What code calls the options. Tags and access are named where they are read. */
const OPTIONS: Readonly<Record<string, string>> = {
  repositoryName: 'NAME',
  tagExclusions: '--tag-exclusion',
  kmsKey: '--kms-key',
  lifecycle: '--lifecycle',
}

/** The option that a refusal of the domain is about. */
function optionOf(prop: string, asked: Asked): string {
  const own = ownTagOf(prop.replace(/^tags\./, ''))
  return own !== undefined && asked[own] !== undefined ? `--${own}` : (OPTIONS[prop] ?? '--tag')
}

const sentence = ({ prop, why, write }: Refusal): string => `${prop}: ${why}. Write ${write}.`

/**
 * The repository that the command line asks for. What may be meant otherwise is told on stderr.
 * @throws {CommandError} with everything at once that AWS would refuse, by option
 */
export function wantedFrom(repositoryName: string, asked: Asked, io: Io): RepositoryWanted {
  const [tags, access, lifecycle] = [tagsOf(asked), accessOf(asked), lifecycleOf(asked, io)]
  const { encryption, kmsKey, mutable, tagExclusion: tagExclusions, noScanOnPush } = asked
  const wanted: RepositoryWanted = {
    ...{ repositoryName, tagMutability: mutable ? 'MUTABLE' : 'IMMUTABLE', tagExclusions, tags: tags.value },
    ...{ access: access.value, scanOnPush: !noScanOnPush },
    ...(encryption !== undefined && { encryption }),
    ...(kmsKey !== undefined && { kmsKey }),
    ...(lifecycle.value !== undefined && { lifecycle: lifecycle.value }),
  }
  const judged = judgeRepository(wanted)
  const refusals = [
    ...judged.refusals.map((refusal) => ({ ...refusal, prop: optionOf(refusal.prop, asked) })),
    ...[tags, access, lifecycle].flatMap((read) => read.refusals),
  ]
  if (refusals.length > 0) throw new CommandError('usage', 'No such repository can be made:', ...refusals.map(sentence))
  const label = painter(io.stderr)('yellow', 'warning:')
  for (const { rule, problem } of judged.warnings)
    io.stderr.write(`${label} --lifecycle, rule ${rule}: ${oneLine(problem)}\n`)
  return wanted
}
