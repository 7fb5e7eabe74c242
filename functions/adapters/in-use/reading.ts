import pLimit from 'p-limit'
import { parseReference } from '../../domain/in-use/reference.ts'
import type { SourceName } from '../../domain/in-use/source-names.ts'
import type { InUseReport, Use } from '../../domain/in-use/use.ts'
import { Unreadable } from '../../faults.ts'
import { AwsError } from '../signed-aws.ts'
import { type Reading, Refused, type Site, type SourceKind } from './site.ts'

/** Calls of one source and site that are under way at once. */
const AT_ONCE = 8
/** Letters of what AWS says that are worth showing. */
const LONGEST = 200

const DENIED = /AccessDenied|Unauthorized|NotAuthorized/

function nextStep(operation: string, { code, transient, detail }: AwsError): string {
  if (DENIED.test(code)) return `allow ${operation} to the role that reads`
  if (transient) return 'try again later'
  const said = String(detail.message ?? detail.Message ?? '').slice(0, LONGEST)
  return said === '' ? 'see docs/in-use.md' : `AWS says: ${said}`
}

/** A call of AWS whose refusal says what was asked. */
async function refusing<T>(operation: string, call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (caught) {
    // A role that cannot be assumed any more is in words already.
    const error = caught instanceof Unreadable ? caught.cause : caught
    if (!(error instanceof AwsError)) throw caught
    const refused = new Refused(operation, error.code, nextStep(operation, error))
    refused.cause = error
    throw refused
  }
}

/** Why a report is not complete, each reason once with how often. */
function inWords(gaps: readonly string[], source: SourceName): string | undefined {
  if (gaps.length === 0) return undefined
  const counted = [...Map.groupBy(gaps, (gap) => gap)].map(([gap, { length }]) =>
    length > 1 ? `${gap} (${length} times)` : gap,
  )
  return `${counted.join('; ')}; or put "${source}" under clean-up.in-use.ignore-sources if nothing there runs your images`
}

const where = ({ home, registry: { account, region } }: Site): string => (home ? ` in ${account}, ${region}` : '')

/** Uses by all that they say: a service of a thousand tasks uses its image once. */
type Found = { readonly uses: Map<string, Use>; readonly gaps: string[] }

function readingAt(site: Site, { uses, gaps }: Found): Reading {
  const limit = pLimit(AT_ONCE)
  return {
    site,
    get home() {
      return site.home ? readingAt(site.home, { uses, gaps }) : this
    },
    call: (service, operation, input) =>
      refusing(
        `${service}:${operation}`,
        limit(() => site.aws(service, operation, input)),
      ),
    rest: (service, operation, path, input) =>
      refusing(
        `${service}:${operation}`,
        limit(() => site.rest(service, input ? 'POST' : 'GET', path, input)),
      ),
    use(image, by) {
      const parsed = typeof image === 'string' ? parseReference(image) : image
      if (!parsed) return
      const use = { image: parsed, by: by + where(site) }
      uses.set(JSON.stringify(use), use)
    },
    gap: (why) => void gaps.push(why),
    async attempt(part, ...gone) {
      try {
        await part()
      } catch (error) {
        if (!(error instanceof Refused)) throw error
        if (!gone.includes(error.code)) gaps.push(`${error.message}: ${error.next}`)
      }
    },
  }
}

/** Reads one kind of thing at one site; what AWS refuses makes the report incomplete, and keeps what was read. */
export async function readSource(kind: SourceKind, site: Site): Promise<InUseReport> {
  const found: Found = { uses: new Map(), gaps: [] }
  const reading = readingAt(site, found)
  await reading.attempt(() => kind.read(reading))
  return {
    source: kind.name,
    registry: site.registry,
    uses: [...found.uses.values()],
    incomplete: inWords(found.gaps, kind.name),
  }
}
