import { shellWord } from '../../functions/domain/rule/aws-command.ts'
import { kebab } from '../../functions/domain/rule/kebab.ts'
import type { Asked } from './wanted.ts'

type Where = {
  readonly region: string | undefined
  readonly profile: string | undefined
  readonly config: string | undefined
}

const ONE = [
  ...(['owner', 'environment', 'project', 'encryption', 'kmsKey', 'lifecycle'] as const),
  ...(['config', 'region', 'profile'] as const),
] as const
const SEVERAL = ['tag', 'tagExclusion', 'pullFrom', 'pushFrom'] as const
const FLAGS = ['mutable', 'noScanOnPush'] as const

/** The command that was given, without `--dry-run`: it does what that has shown, and finishes what was begun. */
export function createLine(name: string, asked: Asked & Where): string {
  const values = [
    ...ONE.flatMap((option) => (asked[option] === undefined ? [] : [[option, asked[option]] as const])),
    ...SEVERAL.flatMap((option) => asked[option].map((value) => [option, value] as const)),
  ]
  return [
    `ecr-steward repository create ${shellWord(name)}`,
    ...values.map(([option, value]) => `--${kebab(option)} ${shellWord(value)}`),
    ...FLAGS.flatMap((option) => (asked[option] ? [`--${kebab(option)}`] : [])),
  ].join(' ')
}
