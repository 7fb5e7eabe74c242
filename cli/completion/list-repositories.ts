import { signedAws } from '../../functions/adapters/signed-aws.ts'
import { credentialsOf } from '../aws/credentials.ts'

/** Pages of a thousand: a list of more is of no use to whoever presses a key. */
const PAGES = 5

type Page = {
  readonly repositories?: readonly { readonly repositoryName?: string }[]
  readonly nextToken?: string
}

/**
 * Names of the repositories of a registry. A file of its own in the bundle: what calls AWS comes with it.
 * @param timeout of a call, in milliseconds
 * @throws {AwsError}
 * @throws {CommandError} where there are no credentials
 */
export async function listRepositories(
  region: string,
  profile: string | undefined,
  env: NodeJS.ProcessEnv,
  timeout: number,
): Promise<readonly string[]> {
  const credentials = credentialsOf(profile, region, env)
  const aws = signedAws({ ...env, AWS_REGION: region }, timeout, { attempts: 1, credentials })
  const names: string[] = []
  let nextToken: string | undefined
  for (let page = 0; page < PAGES; page++) {
    const input = { maxResults: 1_000, ...(nextToken !== undefined && { nextToken }) }
    const answer: Page = await aws('ecr', 'DescribeRepositories', input)
    names.push(...(answer.repositories ?? []).flatMap(({ repositoryName = [] }) => repositoryName))
    nextToken = answer.nextToken
    if (nextToken === undefined) break
  }
  // They come into a shell.
  return names.filter((name) => /^[a-z0-9/._-]+$/.test(name))
}
