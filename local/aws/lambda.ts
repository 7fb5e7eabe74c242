import { createHash } from 'node:crypto'
import type * as client from '@aws-sdk/client-lambda'
import { AwsError } from './error.ts'
import { pageOf } from './listing.ts'
import { sdkService } from './sdk-service.ts'
import type { Handler, Service, Surroundings } from './service.ts'

/** The image of a function: as it was named, and what that was when the code was updated. */
export type FunctionImage = {
  imageUri: string
  /** `sha256:…`; that of `imageUri` where it has one. */
  resolvedDigest?: string
}

type Version = { number: string; image?: { uri: string; digest: string } }
type StoredFunction = { name: string; versions: Version[]; aliases: Map<string, string> }

export type LambdaState = {
  /** Creates a function with `$LATEST` alone; one of a ZIP file where no image is given. */
  createFunction(input: { name: string } & Partial<FunctionImage>): void
  /** Gives `$LATEST` another image. */
  updateFunctionCode(name: string, image: FunctionImage): void
  /** Keeps what `$LATEST` is; returns the number of the version. */
  publishVersion(name: string): string
  createAlias(name: string, alias: string, version: string): void
  deleteFunction(name: string): void
  /** Lets Invoke run a function, which is in no list. */
  serve(name: string, invoke: Invoke): void
}

/** Runs a function with JSON, and gives JSON: its answer, or its error as Lambda has it. */
export type Invoke = (payload: string) => Promise<{ readonly payload: string; readonly failed: boolean }>

const LATEST = '$LATEST'
/** However many are asked for. */
const MOST = 50

const notFound = (arn: string): AwsError =>
  new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404, { Type: 'User' })

function imageOf({ imageUri, resolvedDigest }: Partial<FunctionImage>): Version['image'] {
  if (imageUri === undefined) return undefined
  const digest = resolvedDigest ?? imageUri.split('@')[1]
  if (digest === undefined) throw new TypeError(`The function's image ${imageUri} needs its resolvedDigest.`)
  return { uri: imageUri, digest }
}

/** `v1`, `arn:…:function:name:v1` and `name:v1` name a function and what of it. */
const nameAndQualifier = (given: string): [name: string, qualifier: string | undefined] => {
  const [name = '', qualifier] = given.split(':function:').at(-1)?.split(':') ?? []
  return [name, qualifier]
}

export class Functions implements LambdaState {
  readonly #functions = new Map<string, StoredFunction>()
  readonly #served = new Map<string, Invoke>()
  readonly #around: Surroundings

  constructor(around: Surroundings) {
    this.#around = around
  }

  serve(name: string, invoke: Invoke): void {
    this.#served.set(name, invoke)
  }

  /** @throws AwsError ResourceNotFoundException */
  needServed(given: string): Invoke {
    const [name] = nameAndQualifier(given)
    const invoke = this.#served.get(name)
    if (!invoke) throw notFound(this.arnOf(name))
    return invoke
  }

  createFunction({ name, ...image }: { name: string } & Partial<FunctionImage>): void {
    this.#functions.set(name, { name, versions: [{ number: LATEST, image: imageOf(image) }], aliases: new Map() })
  }

  updateFunctionCode(name: string, image: FunctionImage): void {
    const [latest] = this.need(name).versions
    if (latest) latest.image = imageOf(image)
  }

  publishVersion(name: string): string {
    const { versions } = this.need(name)
    const number = String(versions.length)
    versions.push({ ...versions[0], number })
    return number
  }

  createAlias(name: string, alias: string, version: string): void {
    this.need(name).aliases.set(alias, version)
  }

  deleteFunction(name: string): void {
    this.#functions.delete(name)
  }

  all(): Iterable<StoredFunction> {
    return this.#functions.values()
  }

  /** @throws AwsError ResourceNotFoundException */
  need(given: string): StoredFunction {
    const [name] = nameAndQualifier(given)
    const found = this.#functions.get(name)
    if (!found) throw notFound(this.arnOf(name))
    return found
  }

  arnOf(given: string, qualifier: string | undefined = undefined): string {
    const [name, inName] = nameAndQualifier(given)
    const { region, account } = this.#around
    const end = qualifier ?? inName
    return `arn:aws:lambda:${region}:${account}:function:${name}${end === undefined ? '' : `:${end}`}`
  }
}

/** `CodeSha256` of an image is its digest. */
function configurationOf(
  functions: Functions,
  name: string,
  { number, image }: Version,
  qualifier?: string,
): client.FunctionConfiguration {
  return {
    FunctionName: name,
    FunctionArn: functions.arnOf(name, qualifier),
    Version: number,
    PackageType: image ? 'Image' : 'Zip',
    CodeSha256: image ? image.digest.split(':')[1] : createHash('sha256').update(name).digest('base64'),
    State: 'Active',
  }
}

const padded = ({ number }: Version): string => number.padStart(12, number === LATEST ? ' ' : '0')

const paging = ({ MaxItems = MOST, Marker }: { MaxItems?: number; Marker?: string }) => ({
  size: Math.min(MaxItems, MOST),
  token: Marker,
  wrong: 'InvalidParameterValueException',
})

const handlersOf = (functions: Functions): Record<string, Handler> => ({
  ListFunctions(input: client.ListFunctionsRequest) {
    const isAll = input.FunctionVersion === 'ALL'
    const each = [...functions.all()].flatMap(({ name, versions }) =>
      versions.slice(0, isAll ? undefined : 1).map((version) => ({ name, version })),
    )
    const keyOf = ({ name, version }: (typeof each)[number]): string => `${name} ${padded(version)}`
    const { items, next } = pageOf(each, { ...paging(input), keyOf })
    const qualifierOf = ({ number }: Version) => (isAll ? number : undefined)
    return {
      Functions: items.map(({ name, version }) => configurationOf(functions, name, version, qualifierOf(version))),
      NextMarker: next,
    }
  },
  ListVersionsByFunction(input: client.ListVersionsByFunctionRequest) {
    const { name, versions } = functions.need(input.FunctionName ?? '')
    const { items, next } = pageOf(versions, { ...paging(input), keyOf: padded })
    return { Versions: items.map((one) => configurationOf(functions, name, one, one.number)), NextMarker: next }
  },
  ListAliases(input: client.ListAliasesRequest) {
    const { name, aliases } = functions.need(input.FunctionName ?? '')
    const wanted = [...aliases].filter(([, version]) => version === (input.FunctionVersion ?? version))
    const { items, next } = pageOf(wanted, { ...paging(input), keyOf: ([alias]) => alias })
    const asAlias = ([alias, FunctionVersion]: [string, string]): client.AliasConfiguration => ({
      ...{ AliasArn: functions.arnOf(name, alias), Name: alias, FunctionVersion },
    })
    return { Aliases: items.map(asAlias), NextMarker: next }
  },
  GetFunction({ FunctionName = '', Qualifier }: client.GetFunctionRequest) {
    const { name, versions, aliases } = functions.need(FunctionName)
    const qualifier = Qualifier ?? nameAndQualifier(FunctionName)[1]
    const wanted = aliases.get(qualifier ?? '') ?? qualifier ?? LATEST
    const version = versions.find(({ number }) => number === wanted)
    if (!version) throw notFound(functions.arnOf(name, qualifier))
    const { image } = version
    const resolved = image && `${image.uri.split(/@|:(?!.*\/)/)[0]}@${image.digest}`
    return {
      Configuration: configurationOf(functions, name, version, qualifier),
      Code: image
        ? { RepositoryType: 'ECR', ImageUri: image.uri, ResolvedImageUri: resolved }
        : { RepositoryType: 'S3', Location: 'https://awslambda.invalid/code.zip' },
    }
  },
})

const invokeHandler = (functions: Functions): Record<string, Handler> => ({
  async Invoke({ FunctionName = '', InvocationType = 'RequestResponse', Payload }: client.InvocationRequest) {
    if (InvocationType !== 'RequestResponse')
      throw new AwsError('InvalidParameterValueException', `The local AWS does not have the type ${InvocationType}.`)
    const { payload, failed } = await functions.needServed(FunctionName)(Buffer.from(Payload ?? '{}').toString())
    const error = failed ? { FunctionError: 'Unhandled' } : {}
    return { ...error, StatusCode: 200, ExecutedVersion: LATEST, Payload: Buffer.from(payload) }
  },
})

/** Actions that are not named as the operation is. */
const ACTIONS: Readonly<Record<string, string>> = { Invoke: 'InvokeFunction' }

/** What is read of Lambda, and Invoke. @see https://docs.aws.amazon.com/lambda/latest/api/welcome.html */
export const lambdaService = (functions: Functions): Service =>
  sdkService({
    name: 'lambda',
    protocol: 'rest-json',
    client: '@aws-sdk/client-lambda',
    faulty: 'InvalidParameterValueException',
    handlers: { ...handlersOf(functions), ...invokeHandler(functions) },
    requires: (operation, { FunctionName, Qualifier }) => {
      const resource =
        FunctionName === undefined
          ? '*'
          : functions.arnOf(String(FunctionName), Qualifier === undefined ? undefined : String(Qualifier))
      return [{ action: `lambda:${ACTIONS[operation] ?? operation}`, resource }]
    },
  })
