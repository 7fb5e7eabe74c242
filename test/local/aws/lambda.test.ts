import {
  GetFunctionCommand,
  LambdaClient,
  ListAliasesCommand,
  ListFunctionsCommand,
  ListVersionsByFunctionCommand,
  paginateListFunctions,
} from '@aws-sdk/client-lambda'
import { describe, expect, test } from 'vitest'
import { digestOf } from '../../../local/aws/ecr/manifest.ts'
import type { LocalAws } from '../../../local/aws/server.ts'
import { configOf, errorOf, withLocalAws } from './clients.ts'

const IMAGE = '123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/prod/resize'
const FIRST = digestOf('first')
const SECOND = digestOf('second')

const withLambda = (body: (aws: LocalAws, lambda: LambdaClient) => Promise<void>): Promise<void> =>
  withLocalAws((aws) => body(aws, new LambdaClient(configOf(aws.url))))

function putResize(aws: LocalAws): void {
  aws.lambda.createFunction({ name: 'resize', imageUri: `${IMAGE}:v1`, resolvedDigest: FIRST })
  aws.lambda.publishVersion('resize')
  aws.lambda.createAlias('resize', 'live', '1')
  aws.lambda.updateFunctionCode('resize', { imageUri: `${IMAGE}@${SECOND}` })
}

describe('functions', () => {
  test('a function tells which image its name resolved to, version by version', () =>
    withLambda(async (aws, lambda) => {
      putResize(aws)
      const codeOf = async (Qualifier?: string) =>
        (await lambda.send(new GetFunctionCommand({ FunctionName: 'resize', Qualifier }))).Code
      expect(await codeOf()).toEqual({
        RepositoryType: 'ECR',
        ImageUri: `${IMAGE}@${SECOND}`,
        ResolvedImageUri: `${IMAGE}@${SECOND}`,
      })
      const first = { RepositoryType: 'ECR', ImageUri: `${IMAGE}:v1`, ResolvedImageUri: `${IMAGE}@${FIRST}` }
      expect(await codeOf('1')).toEqual(first)
      expect(await codeOf('live')).toEqual(first)
    }))

  test('its versions and aliases are listed', () =>
    withLambda(async (aws, lambda) => {
      putResize(aws)
      const arn = 'arn:aws:lambda:ap-northeast-1:123456789012:function:resize'
      const { Versions } = await lambda.send(new ListVersionsByFunctionCommand({ FunctionName: arn }))
      expect(Versions?.map(({ Version, FunctionArn, CodeSha256 }) => [Version, FunctionArn, CodeSha256])).toEqual([
        ['$LATEST', `${arn}:$LATEST`, SECOND.slice(7)],
        ['1', `${arn}:1`, FIRST.slice(7)],
      ])
      const { Aliases } = await lambda.send(new ListAliasesCommand({ FunctionName: 'resize' }))
      expect(Aliases).toEqual([{ AliasArn: `${arn}:live`, Name: 'live', FunctionVersion: '1' }])
      const none = await lambda.send(new ListAliasesCommand({ FunctionName: 'resize', FunctionVersion: '2' }))
      expect(none.Aliases).toEqual([])
    }))

  test('a list has fifty a page, with every version when that is asked for', () =>
    withLambda(async (aws, lambda) => {
      for (let n = 100; n < 220; n++) aws.lambda.createFunction({ name: `f${n}` })
      putResize(aws)
      const pages: (string | undefined)[][] = []
      for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, { FunctionVersion: 'ALL' }))
        pages.push(Functions.map(({ FunctionName, Version }) => `${FunctionName} ${Version}`))
      expect(pages.map((page) => page.length)).toEqual([50, 50, 22])
      expect(new Set(pages.flat()).size).toBe(122)
      expect(pages.flat().slice(-2)).toEqual(['resize $LATEST', 'resize 1'])
      const { Functions, NextMarker } = await lambda.send(new ListFunctionsCommand({ MaxItems: 1 }))
      expect(Functions).toMatchObject([{ FunctionName: 'f100', PackageType: 'Zip' }])
      expect(NextMarker).toBeTypeOf('string')
    }))

  test('one that is gone, a version that never was, and a made-up marker are errors', () =>
    withLambda(async (aws, lambda) => {
      putResize(aws)
      const get = (FunctionName: string, Qualifier?: string) =>
        errorOf(lambda.send(new GetFunctionCommand({ FunctionName, Qualifier })))
      expect(await get('other')).toMatchObject({ name: 'ResourceNotFoundException', status: 404 })
      expect(await get('resize', '7')).toMatchObject({ name: 'ResourceNotFoundException' })
      aws.lambda.deleteFunction('resize')
      expect(await get('resize')).toMatchObject({ name: 'ResourceNotFoundException' })
      expect(await errorOf(lambda.send(new ListFunctionsCommand({ Marker: 'mine' })))).toMatchObject({
        name: 'InvalidParameterValueException',
        status: 400,
      })
    }))

  test('an image whose tag was never resolved cannot be a function', () =>
    withLambda(async (aws) => {
      expect(() => aws.lambda.createFunction({ name: 'x', imageUri: `${IMAGE}:v1` })).toThrow(
        'needs its resolvedDigest',
      )
    }))
})

describe('a REST service', () => {
  test('is asked for permission by resource, stands in the history, and is struck by faults', () =>
    withLambda(async (aws, lambda) => {
      putResize(aws)
      const asked: string[] = []
      aws.authorize = ({ action, resource }) => {
        asked.push(`${action} ${resource}`)
        return action === 'lambda:ListFunctions' ? { allowed: false, reason: 'of the test' } : { allowed: true }
      }
      await lambda.send(new GetFunctionCommand({ FunctionName: 'resize', Qualifier: 'live' }))
      expect(await errorOf(lambda.send(new ListFunctionsCommand({})))).toMatchObject({
        name: 'AccessDeniedException',
        status: 403,
        message: expect.stringContaining('not authorized to perform: lambda:ListFunctions on resource: *'),
      })
      expect(asked).toEqual([
        'lambda:GetFunction arn:aws:lambda:ap-northeast-1:123456789012:function:resize:live',
        'lambda:ListFunctions *',
      ])
      aws.faults.inject({
        service: 'lambda',
        operation: 'ListAliases',
        error: { code: 'TooManyRequestsException', status: 429 },
      })
      expect(await errorOf(lambda.send(new ListAliasesCommand({ FunctionName: 'resize' })))).toMatchObject({
        name: 'TooManyRequestsException',
        status: 429,
      })
      expect(aws.calls.map(({ service, operation, status, input }) => [service, operation, status, input])).toEqual([
        ['lambda', 'GetFunction', 200, { FunctionName: 'resize', Qualifier: 'live' }],
        ['lambda', 'ListFunctions', 403, {}],
        ['lambda', 'ListAliases', 429, { FunctionName: 'resize' }],
      ])
    }))

  const scope = (service: string) => ({
    authorization: `AWS4-HMAC-SHA256 Credential=AKID/20260101/ap-northeast-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
  })
  const answer = async (path: string, options: RequestInit = {}) => {
    let got: { status: number; code: string | null; message: unknown } | undefined
    await withLocalAws(async ({ url }) => {
      const response = await fetch(`${url}${path}`, { headers: scope('lambda'), ...options })
      const { message } = (await response.json()) as { message?: unknown }
      got = { status: response.status, code: response.headers.get('x-amzn-errortype'), message }
    })
    return got
  }

  test.each<[string, string, RequestInit | undefined, string, RegExp]>([
    [
      'a parameter that AWS does not have',
      '/2015-03-31/functions?Max=1',
      {},
      'InvalidParameterValueException',
      /"Max"/,
    ],
    ['a word for a number', '/2015-03-31/functions?MaxItems=few', {}, 'SerializationException', /MaxItems: string/],
    ['a path of no operation', '/2015-03-31/fun', {}, 'UnknownOperationException', /lambda has no operation/],
    [
      'an operation that is not here',
      '/2015-03-31/functions/x',
      { method: 'DELETE' },
      'UnknownOperationException',
      /lambda:DeleteFunction yet/,
    ],
    [
      'a body that is no JSON',
      '/2015-03-31/functions',
      { method: 'POST', body: '{' },
      'SerializationException',
      /valid JSON/,
    ],
    ['a request for no service', '/', { headers: {} }, 'UnknownOperationException', /none named/],
  ])('refuses %s', async (_, path, options, code, message) => {
    expect(await answer(path, options)).toEqual({ status: 400, code, message: expect.stringMatching(message) })
  })

  test('takes a path with the slash that botocore has at its end', async () => {
    expect(await answer('/2015-03-31/functions/')).toMatchObject({ status: 200 })
  })

  test('takes a name that needs encoding', () =>
    withLocalAws(async ({ url, calls }) => {
      await new LambdaClient(configOf(url))
        .send(new GetFunctionCommand({ FunctionName: 'a b/c' }))
        .catch(() => undefined)
      expect(calls).toMatchObject([{ operation: 'GetFunction', input: { FunctionName: 'a b/c' } }])
    }))
})
