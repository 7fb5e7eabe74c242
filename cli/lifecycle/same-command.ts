import { shellWord } from '../../functions/domain/rule/aws-command.ts'

type Where = { readonly region: string | undefined; readonly profile: string | undefined }

/** The command that was given, as a line that does what it has shown: with `--yes`. */
export function sameCommand(name: string, words: readonly string[], { region, profile }: Where, flags = ''): string {
  return [
    ...[`ecr-steward lifecycle ${name}`, ...words.map(shellWord)],
    ...(region ? [`--region ${shellWord(region)}`] : []),
    ...(profile ? [`--profile ${shellWord(profile)}`] : []),
    ...[flags, '--yes'].filter(Boolean),
  ].join(' ')
}
