import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import { Unreadable } from '../faults.ts'
import { KEYS, SWEEP_PREFIX } from '../sweep/contract.ts'
import type { SbomExporter } from '../sweep/ports.ts'
import { AwsError, type RestCall } from './signed-aws.ts'

/** Where Inspector puts SBOMs: a bucket of its region, and the key of KMS that it encrypts them with. */
export type SbomDestination = { readonly bucket: string; readonly key: string }

/** Values that one filter takes. */
const MOST = 10
/** Letters of what AWS says that are worth showing. */
const LONGEST = 200

const equals = (value: string) => ({ comparison: 'EQUALS', value })

/** Few repositories are named; of many, all images of the registry are exported. */
const criteria = (repositories: readonly string[]) => ({
  resourceType: [equals('AWS_ECR_CONTAINER_IMAGE')],
  ...(repositories.length <= MOST && { ecrRepositoryName: repositories.map(equals) }),
})

const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, LONGEST) : '')

async function asked(rest: RestCall, operation: string, path: string, input: Readonly<Record<string, unknown>>) {
  try {
    return await rest('inspector2', 'POST', path, input)
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    const said = text(error.detail.message)
    const why = `Inspector answered ${error.code} to ${operation}${said === '' ? '' : `: ${said}`}`
    throw new Unreadable(why, !error.transient, error)
  }
}

/** What stands in the way, where a person can take it away. */
const NEXT: Readonly<Record<string, string>> = {
  INVALID_PERMISSIONS: 'the policies of the bucket and of its key have to let Inspector write (docs/find.md)',
  INCOMPATIBLE_BUCKET_REGION: 'the bucket is in another region',
}

function problemOf({ errorCode, errorMessage, status }: Readonly<Record<string, unknown>>): string {
  const [code, said] = [text(errorCode) || text(status), text(errorMessage)]
  return [code, NEXT[code] ?? said].filter((part) => part !== '').join(': ')
}

/**
 * Exports of Inspector as CycloneDX, of the images of one registry. It makes one at a time.
 * @param rest calls of the region and account of the registry
 * @see https://docs.aws.amazon.com/inspector/v2/APIReference/API_GetSbomExport.html
 */
export const sbomExporter = (
  rest: RestCall,
  registry: RegistryRef,
  { bucket, key }: SbomDestination,
): SbomExporter => ({
  async begin(repositories) {
    const answer = await asked(rest, 'CreateSbomExport', '/sbomexport/create', {
      reportFormat: 'CYCLONEDX_1_4',
      resourceFilterCriteria: criteria(repositories),
      s3Destination: {
        bucketName: bucket,
        keyPrefix: `${SWEEP_PREFIX}/${KEYS.sbomExports(registry)}`,
        kmsKeyArn: key,
      },
    })
    const id = text(answer.reportId)
    if (id === '') throw new Unreadable('Inspector answered CreateSbomExport without an id', false, answer)
    return id
  },
  async end(id) {
    const answer = await asked(rest, 'GetSbomExport', '/sbomexport/get', { reportId: id })
    if (answer.status === 'IN_PROGRESS') return undefined
    return answer.status === 'SUCCEEDED' ? {} : { problem: problemOf(answer) }
  },
})
