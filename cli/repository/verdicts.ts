import type { RepositoryRef } from '../../functions/domain/facts/repository-facts.ts'
import type { Verdict } from '../../functions/domain/verdict.ts'
import { judgeSubject } from '../../functions/judging/judge-subject.ts'
import { policyOf } from '../../functions/judging/policy.ts'
import type { Session } from '../aws/session.ts'
import { readersOf } from '../check/readers.ts'
import { type Configuration, findConfiguration, readConfiguration } from '../configuration.ts'
import type { Io } from '../io.ts'

/** steward.yaml, where one is named or near. @throws {ConfigError} where it is wrong */
export const configurationNear = (given: string | undefined, io: Io): Configuration | undefined =>
  findConfiguration(given, io) === undefined ? undefined : readConfiguration(given, io)

/** What the rules of steward.yaml say of a repository as it is now, as `check` would. @throws {Gone} */
export async function verdictsOn(
  ref: RepositoryRef,
  { config }: Configuration,
  session: Session,
  { now }: Io,
): Promise<readonly Verdict[]> {
  const policy = policyOf(config, [])
  const judging = {
    ...{ readers: readersOf(session, policy), policy },
    ...{ exceptions: config.exceptions, now: now() },
  }
  return (await judgeSubject({ kind: 'repository', ref }, judging)).verdicts
}
