import type { Excepted } from '../../functions/domain/exception.ts'
import type { Verdict } from '../../functions/domain/verdict.ts'
import type { Judged } from '../../functions/judging/subject.ts'
import type { Denial } from '../aws/permission.ts'
import type { Report } from './report.ts'
import type { CheckResult } from './result.ts'
import { exitOf, type Summary } from './tally.ts'

type SubjectResult = CheckResult['subjects'][number]
type VerdictResult = SubjectResult['verdicts'][number]

const exceptionResult = ({ state, exception }: Excepted): VerdictResult['exception'] => {
  const { reason, owner, expires, line } = exception
  return { state, reason, owner, expires, line }
}

const verdictResult = ({ exception, evidence, ...verdict }: Verdict): VerdictResult => ({
  ...verdict,
  evidence: [...evidence],
  exception: exception && exceptionResult(exception),
})

const subjectResult = ({ subject: { kind, ref }, verdicts }: Judged): SubjectResult => {
  const { account, region } = ref
  return {
    ...{ kind, account, region },
    repository: 'repository' in ref ? ref.repository : undefined,
    ...('digest' in ref && { digest: ref.digest, tags: [...ref.tags] }),
    verdicts: verdicts.map(verdictResult),
  }
}

const unique = (denials: readonly Denial[]): CheckResult['denied'] => [
  ...new Map(denials.map(({ action, resource }) => [`${action} ${resource}`, { action, resource }])).values(),
]

type Head = Pick<CheckResult, 'judgedAt' | 'config'>

/** For other programs, as `docs/check.schema.json` has it. Each subject is written as it comes, on a line of its own. */
export function jsonReport(stdout: NodeJS.WriteStream, { judgedAt, config }: Head): Report {
  const head = JSON.stringify({ schemaVersion: 1, judgedAt, config } satisfies Partial<CheckResult>)
  let between = '\n'
  stdout.write(`${head.slice(0, -1)},"subjects":[`)
  return {
    add(judged) {
      stdout.write(between + JSON.stringify(subjectResult(judged)))
      between = ',\n'
    },
    end(summary: Summary) {
      const { missing, denials, totals } = summary
      const tail: Omit<CheckResult, 'schemaVersion' | 'judgedAt' | 'config' | 'subjects'> = {
        ...{ missing: [...missing], denied: unique(denials), totals, outcome: exitOf(summary) },
      }
      stdout.write(`\n],${JSON.stringify(tail).slice(1)}\n`)
    },
  }
}
