import type { Session } from '../aws/session.ts'
import { tellUnjudged } from '../check/rest.ts'
import type { Missing } from '../check/subjects.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'

/** What was asked for and is not there, and the permissions that would help, on stderr. */
export const tellMissing = (missing: readonly Missing[], session: Session, io: Io): void =>
  tellUnjudged(missing, [{ session, targets: [] }], io)

const DENIED = /AccessDenied|not authorized|UnauthorizedOperation/i

/** How it ends where something could not be read: for want of a permission, or for another reason. */
export function exitOf(
  { missing, reasons }: { readonly missing: readonly Missing[]; readonly reasons: readonly string[] },
  { denials }: Session,
): Exit {
  if (missing.length + reasons.length === 0) return 'pass'
  return denials.length > 0 || reasons.some((why) => DENIED.test(why)) ? 'access' : 'unknown'
}
