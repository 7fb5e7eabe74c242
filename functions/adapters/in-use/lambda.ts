import { imagesOf, listOf, pages, type Reading, Refused, type SourceKind, withQuery } from './site.ts'

type Version = {
  readonly FunctionName: string
  readonly FunctionArn: string
  readonly Version: string
  readonly PackageType?: string
}
type Code = { readonly ImageUri?: string; readonly ResolvedImageUri?: string }

const FUNCTIONS = '/2015-03-31/functions'
const NEWEST = '$LATEST'

/** The tag that a version was made from, and the digest that it keeps. */
async function codeOf(reading: Reading, { FunctionName, Version }: Version): Promise<Code> {
  const path = withQuery(`${FUNCTIONS}/${encodeURIComponent(FunctionName)}`, { Qualifier: Version })
  const { Code } = await reading.rest('lambda', 'GetFunction', path)
  const code = (Code ?? {}) as Code
  if (code.ImageUri === undefined && code.ResolvedImageUri === undefined)
    throw new Refused('lambda:GetFunction', 'without an image', `see what Lambda says of ${FunctionName}:${Version}`)
  return code
}

async function readVersion(reading: Reading, version: Version): Promise<void> {
  const { FunctionArn, FunctionName, Version } = version
  const { known } = reading.site
  const before = known.get(FunctionArn)
  const { ImageUri, ResolvedImageUri } = before ? {} : await codeOf(reading, version)
  const images = before ?? imagesOf([ImageUri, ResolvedImageUri])
  // A published version never changes; an ARN without one, or of the newest, does.
  if (Version !== NEWEST && FunctionArn.endsWith(`:${Version}`)) known.set(FunctionArn, images)
  for (const image of images)
    reading.use(image, `Lambda function ${FunctionName}, ${Version === NEWEST ? NEWEST : `version ${Version}`}`)
}

/**
 * Lambda: every version of every function that is an image, `$LATEST` too. An alias points at one of these.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_FunctionCodeLocation.html
 */
export const lambda: SourceKind = {
  name: 'lambda',
  async read(reading) {
    const ask = (Marker: string | undefined) =>
      reading.rest('lambda', 'ListFunctions', withQuery(FUNCTIONS, { FunctionVersion: 'ALL', MaxItems: '50', Marker }))
    for await (const page of pages(ask, 'NextMarker')) {
      const images = listOf<Version>(page, 'Functions', 'lambda:ListFunctions').filter(
        ({ PackageType }) => PackageType === 'Image',
      )
      await Promise.all(
        images.map((version) => reading.attempt(() => readVersion(reading, version), 'ResourceNotFoundException')),
      )
    }
  },
}
