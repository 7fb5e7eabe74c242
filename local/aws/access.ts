import { AwsError } from './error.ts'
import type { Authorize, Requirement } from './service.ts'

const CREDENTIAL = /Credential=([^/,\s]+)\/[^/]+\/([^/]+)\/([^/]+)\//

type Caller = { accessKeyId: string; region: string | undefined; scope: string | undefined }

/** The access key id, and the region and service of the credential scope. The signature itself is not checked. */
export function callerOf(authorization: string | undefined): Caller {
  const [, accessKeyId, region, scope] = CREDENTIAL.exec(authorization ?? '') ?? []
  return { accessKeyId: accessKeyId ?? 'anonymous', region, scope }
}

type Access = { accessKeyId: string; principal: string; denied: { code: string; status: number } }

/**
 * Refuses a call that is not allowed on everything that it needs.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function checkAccess(authorize: Authorize | undefined, requirements: Requirement[], access: Access): void {
  for (const { action, resource } of requirements) {
    const answer = authorize?.({ accessKeyId: access.accessKeyId, action, resource }) ?? { allowed: true }
    if (answer.allowed) continue
    const reason = answer.reason || `no identity-based policy allows the ${action} action`
    throw new AwsError(
      access.denied.code,
      `User: ${access.principal} is not authorized to perform: ${action} on resource: ${resource} because ${reason}`,
      access.denied.status,
    )
  }
}
