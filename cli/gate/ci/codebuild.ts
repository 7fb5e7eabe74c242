import type { Io } from '../../io.ts'

/**
 * Where nothing is written that CodeBuild can show, how to have it.
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/test-reporting.html
 */
export function hintAtReports(formats: readonly string[], { stderr }: Pick<Io, 'stderr'>): void {
  if (formats.includes('junit')) return
  stderr.write(
    'hint: CodeBuild shows findings as a test report: --output table --output junit=gate.xml, and in buildspec.yml reports with file-format JUNITXML (--no-ci: no hint)\n',
  )
}
