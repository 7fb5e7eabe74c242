import type { Fix } from '../../functions/domain/rule/judgement.ts'
import { unifiedDiff } from '../../functions/policy/unified-diff.ts'
import { oneLine, type Paint } from '../terminal.ts'

/** Lines of a diff that are shown. */
const MOST = 30

/** What a command changes in a document, line by line; nothing where it changes none. */
export function changeLines(fix: Fix, paint: Paint): readonly string[] {
  // Whose document it is, the command says.
  const [, , ...lines] = unifiedDiff(fix, 'policy')?.split('\n') ?? []
  const more = lines.length > MOST ? [paint('dim', `… and ${lines.length - MOST} lines more; --json has all`)] : []
  return [...lines.slice(0, MOST).map((line) => painted(oneLine(line), paint)), ...more]
}

function painted(line: string, paint: Paint): string {
  if (line.startsWith('+')) return paint('green', line)
  return line.startsWith('-') ? paint('red', line) : paint('dim', line)
}
