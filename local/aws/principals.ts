/** Who calls, by access key: a session of a role where that is known, else the IAM user of that name. */
export type Principals = {
  /** Makes calls with an access key those of a session of a role. */
  assume(accessKeyId: string, role: string, session: string, account?: string): void
  arnOf(accessKeyId: string): string
  accountOf(accessKeyId: string): string
  /** A role that lets itself be assumed by whoever may do so. @param account that of the local AWS where none is named */
  createRole(role: string, account?: string): void
  hasRole(role: string, account: string): boolean
}

export function createPrincipals(account: string): Principals {
  const [sessions, roles] = [new Map<string, string>(), new Set<string>()]
  const arnOf = (accessKeyId: string): string =>
    sessions.get(accessKeyId) ?? `arn:aws:iam::${account}:user/${accessKeyId}`
  return {
    assume: (accessKeyId, role, session, owner = account) =>
      void sessions.set(accessKeyId, `arn:aws:sts::${owner}:assumed-role/${role}/${session}`),
    arnOf,
    accountOf: (accessKeyId) => arnOf(accessKeyId).split(':')[4] ?? account,
    createRole: (role, owner = account) => void roles.add(`${owner}/${role}`),
    hasRole: (role, owner) => roles.has(`${owner}/${role}`),
  }
}
