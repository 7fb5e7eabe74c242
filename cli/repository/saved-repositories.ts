import { shellWord } from '../../functions/domain/rule/aws-command.ts'
import type { Io } from '../io.ts'
import { savedFiles } from '../saved-files.ts'
import type { Doomed } from './doomed.ts'

/** Where what makes a repository again is kept before it is deleted. */
export type SavedRepositories = {
  /** @returns the line that makes it again, without its images @throws {CommandError} where it cannot be kept: nothing is deleted then */
  keep(doomed: Doomed): string
}

/** What CreateRepository takes of it. Tags that begin with `aws:` are for AWS to give. */
export const creationOf = ({ ref, settings, tags }: Doomed) => {
  const { tagMutability, exclusions, scanOnPush, encryption } = settings
  const own = Object.entries(tags).filter(([key]) => !/^aws:/i.test(key))
  return {
    repositoryName: ref.repository,
    imageTagMutability: tagMutability,
    ...(exclusions.length > 0 && {
      imageTagMutabilityExclusionFilters: exclusions.map((filter) => ({ filterType: 'WILDCARD', filter })),
    }),
    imageScanningConfiguration: { scanOnPush },
    encryptionConfiguration: {
      encryptionType: encryption.type,
      ...(encryption.kmsKey !== undefined && { kmsKey: encryption.kmsKey }),
    },
    ...(own.length > 0 && { tags: own.map(([Key, Value]) => ({ Key, Value })) }),
  }
}

/** Settings, AWS tags and policies below the working directory, never over a file that is there. */
export function savedRepositories(io: Pick<Io, 'cwd' | 'now'>): SavedRepositories {
  const files = savedFiles('deleted-repositories', io)
  return {
    keep(doomed) {
      const { ref, lifecyclePolicy, policy } = doomed
      const file = (ending: string, text: string): string =>
        shellWord(`file://${files.keep(ref, ending, text, `${ref.repository} is not deleted`)}`)
      const named = `--region ${ref.region} --repository-name ${shellWord(ref.repository)}`
      const settings = file('.json', `${JSON.stringify(creationOf(doomed), null, 2)}\n`)
      return [
        `aws ecr create-repository --region ${ref.region} --cli-input-json ${settings}`,
        ...(lifecyclePolicy === undefined
          ? []
          : [
              `aws ecr put-lifecycle-policy ${named} --lifecycle-policy-text ${file('.lifecycle.json', lifecyclePolicy)}`,
            ]),
        ...(policy === undefined
          ? []
          : [`aws ecr set-repository-policy ${named} --policy-text ${file('.policy.json', policy)}`]),
      ].join(' && ')
    },
  }
}
