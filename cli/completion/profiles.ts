import { configFiles, profilesIn } from '../aws/profile.ts'

/** Names that a shell takes as they are. */
const PLAIN = /^[\w.@+:/-]+$/

/** Profiles of the AWS configuration. */
export const profileNames = (env: NodeJS.ProcessEnv): readonly string[] => [
  ...new Set(
    configFiles(env)
      .flatMap((text) => profilesIn(text))
      .filter((name) => PLAIN.test(name)),
  ),
]
