import {
  type AwsCall,
  type Patience,
  type RestCall,
  type SignedPost,
  signedAws,
  signedPost,
  signedRest,
} from '../../functions/adapters/signed-aws.ts'

/** Longest that one question may take. Milliseconds. */
export const TIMEOUT = 3_000

/** Calls of AWS that are tried once: where nothing answers, that is what is to be told, and soon. */
export type Calls = { readonly aws: AwsCall; readonly rest: RestCall; readonly post: SignedPost }

export function callsOf(env: NodeJS.ProcessEnv, credentials: NonNullable<Patience['credentials']>): Calls {
  const patience = { tries: 1, credentials }
  return {
    aws: signedAws(env, TIMEOUT, patience),
    rest: signedRest(env, TIMEOUT, patience),
    post: signedPost(env, TIMEOUT, patience),
  }
}
