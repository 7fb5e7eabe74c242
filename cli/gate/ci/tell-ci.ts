import type { GateResult } from '../../../functions/domain/gate/result.ts'
import type { Io } from '../../io.ts'
import type { Look } from '../format.ts'
import { hintAtReports } from './codebuild.ts'
import { tellGitHub } from './github.ts'

/**
 * Tells the CI system that the command runs in of a result, in its own way: on stderr, and in the files that it names.
 * Nothing that goes wrong in it changes how the command ends.
 * @param asked.formats names that `--output` was given
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/variables
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html
 */
export function tellCi(
  result: GateResult,
  { source }: Pick<Look, 'source'>,
  io: Io,
  asked: { readonly formats: readonly string[] },
): void {
  if (io.env.GITHUB_ACTIONS === 'true') tellGitHub(result, source, io)
  if (io.env.CODEBUILD_BUILD_ID) hintAtReports(asked.formats, io)
}
