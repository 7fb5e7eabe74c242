/** Who calls, by access key: a session of a role where that is known, else the IAM user of that name. */
export type Principals = {
  /** Makes calls with an access key those of a session of a role. */
  assume(accessKeyId: string, role: string, session: string, account?: string): void
  arnOf(accessKeyId: string): string
  accountOf(accessKeyId: string): string
  /**
   * A role that lets itself be assumed by whoever may do so.
   * @param account that of the local AWS where none is named @param externalId what has to be said with it
   */
  createRole(role: string, account?: string, externalId?: string): void
  /** Whether there is such a role, and it is content with what is said. */
  trusts(role: string, account: string, externalId?: string): boolean
}

export function createPrincipals(account: string): Principals {
  const [sessions, roles] = [new Map<string, string>(), new Map<string, string | undefined>()]
  const arnOf = (accessKeyId: string): string =>
    sessions.get(accessKeyId) ?? `arn:aws:iam::${account}:user/${accessKeyId}`
  return {
    assume: (accessKeyId, role, session, owner = account) =>
      void sessions.set(accessKeyId, `arn:aws:sts::${owner}:assumed-role/${role}/${session}`),
    arnOf,
    accountOf: (accessKeyId) => arnOf(accessKeyId).split(':')[4] ?? account,
    createRole: (role, owner = account, externalId = undefined) => void roles.set(`${owner}/${role}`, externalId),
    trusts(role, owner, said) {
      const wanted = roles.get(`${owner}/${role}`)
      return roles.has(`${owner}/${role}`) && (wanted === undefined || wanted === said)
    },
  }
}
