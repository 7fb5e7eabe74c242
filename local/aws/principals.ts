/** Who calls, by access key: a session of a role where that is known, else the IAM user of that name. */
export type Principals = {
  /** Makes calls with an access key those of a session of a role. */
  assume(accessKeyId: string, role: string, session: string, account?: string): void
  arnOf(accessKeyId: string): string
}

export function createPrincipals(account: string): Principals {
  const sessions = new Map<string, string>()
  return {
    assume: (accessKeyId, role, session, owner = account) =>
      void sessions.set(accessKeyId, `arn:aws:sts::${owner}:assumed-role/${role}/${session}`),
    arnOf: (accessKeyId) => sessions.get(accessKeyId) ?? `arn:aws:iam::${account}:user/${accessKeyId}`,
  }
}
