import { describe, expect, test } from 'vitest'
import type { Invocation } from '../../../local/runtime/cloud.ts'
import { allow, type WorkerOptions, worker } from './assembly.ts'
import { deployed, START } from './deployed.ts'

const OK = 'exports.handler = async () => ({ batchItemFailures: [] })'

/** Runs the code once for one event. */
async function run(code: string, options: WorkerOptions = {}, environment?: Record<string, string>) {
  const world = await deployed(
    { resources: worker('Job', { receives: 1, ...options }), code: { Job: code } },
    environment ? { environment } : {},
  )
  world.cloud.put({ source: 'Job', detail: { n: 1 } })
  await world.cloud.settle()
  return { ...world, first: world.invocations[0] as Invocation }
}

describe('a function in a process of its own', () => {
  test('gets the event in an SQS record and its log is handed on', async () => {
    const { first } = await run('exports.handler = async (event) => { console.info(event.Records[0]) }')
    const record = first.logs[0]?.message as Record<string, unknown>
    expect(JSON.parse(String(record.body))).toEqual({ source: 'Job', detail: { n: 1 } })
    expect(record).toMatchObject({
      eventSource: 'aws:sqs',
      awsRegion: 'ap-northeast-1',
      eventSourceARN: expect.stringMatching(/^arn:aws:sqs:ap-northeast-1:123456789012:Test-JobQueue-/),
      attributes: { ApproximateReceiveCount: '1' },
      messageAttributes: {},
    })
    expect(first).toMatchObject({ function: 'job', logicalId: 'JobFunction', failures: [] })
    expect(first.initMs).toBeGreaterThan(0)
  })

  test('has the environment of Lambda, and nothing of this machine but the path', async () => {
    process.env.AWS_PROFILE = 'a-person'
    const code = 'exports.handler = async () => { console.log(process.env) }'
    const { first, aws } = await run(code, { environment: { TABLE: 't' } }, { EXTRA: 'x' })
    delete process.env.AWS_PROFILE
    const environment = first.logs[0]?.message as Record<string, string>
    expect(environment).toMatchObject({
      TABLE: 't',
      EXTRA: 'x',
      _HANDLER: 'index.handler',
      AWS_REGION: 'ap-northeast-1',
      AWS_ENDPOINT_URL: aws.url,
      AWS_LAMBDA_LOG_FORMAT: 'JSON',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA[0-9A-F]{16}$/),
    })
    const ours = Object.keys(environment).filter((name) => !/^(AWS_|LAMBDA_|_|TABLE|EXTRA)/.test(name))
    expect(ours.toSorted()).toEqual(['LANG', 'PATH', 'TZ'])
    expect(environment.AWS_PROFILE).toBeUndefined()
  })

  test('sees the virtual clock in Date, and a context with the time that is left', async () => {
    const { first } = await run(`exports.handler = async (event, context) => {
      const left = context.getRemainingTimeInMillis()
      console.log({ now: Date.now(), date: new Date().getTime(), text: Date(), isDate: new Date() instanceof Date,
        given: new Date(0).toISOString(), left, ...context })
    }`)
    const seen = first.logs[0]?.message as Record<string, unknown>
    expect(Number(seen.now) - START).toBeLessThan(60_000)
    expect(Number(seen.now)).toBeGreaterThanOrEqual(START)
    expect(Number(seen.date)).toBeGreaterThanOrEqual(START)
    expect(seen.text).toContain('2030')
    expect(seen).toMatchObject({ isDate: true, given: '1970-01-01T00:00:00.000Z', memoryLimitInMB: '256' })
    expect(seen.left).toBeGreaterThan(1_000)
    expect(seen.left).toBeLessThanOrEqual(5_000)
    expect(seen.awsRequestId).toBe(first.requestId)
    expect(seen.invokedFunctionArn).toContain(`:function:${seen.functionName}`)
  })

  test('sees the clock jump from one try to the next', async () => {
    const code = "exports.handler = async () => { console.log({ at: Date.now() }); throw new Error('again') }"
    const { invocations } = await run(code, { receives: 3 })
    const minutes = invocations.map(({ logs }) =>
      Math.floor((Number(logs.map(({ message }) => (message as { at: number }).at)[0]) - START) / 60_000),
    )
    expect(minutes).toEqual([0, 6, 12])
  })

  test('writes logs as Lambda does in its JSON format', async () => {
    const { first } = await run(`exports.handler = async () => {
      console.debug('a', { b: 1 })
      console.warn({ outcome: 'quiet' })
      console.error(new TypeError('bad'))
      console.error('while reading', new RangeError('far'))
      const circle = {}; circle.self = circle; console.log(circle)
      process.stdout.write('plain text\\n')
      process.stderr.write('no end of line')
    }`)
    expect(first.logs).toEqual([
      { level: 'DEBUG', message: 'a { b: 1 }' },
      { level: 'WARN', message: { outcome: 'quiet' } },
      {
        level: 'ERROR',
        message: {
          errorType: 'TypeError',
          errorMessage: 'bad',
          stackTrace: expect.arrayContaining(['TypeError: bad']),
        },
      },
      { level: 'ERROR', message: expect.stringContaining('while reading RangeError: far') },
      { level: 'INFO', message: expect.stringContaining('[Circular') },
      { level: 'TEXT', message: 'plain text' },
      { level: 'TEXT', message: 'no end of line' },
    ])
  })

  test('stays warm: the next invocation finds what the first left behind', async () => {
    const code = 'let n = 0; exports.handler = async () => { console.log(++n, process.pid) }'
    const { cloud, invocations } = await run(code)
    cloud.put({ source: 'Job' })
    await cloud.settle()
    const texts = invocations.map(({ logs }) => String(logs[0]?.message).split(' '))
    expect(texts.map(([n]) => n)).toEqual(['1', '2'])
    expect(texts[0]?.[1]).toBe(texts[1]?.[1])
    expect(invocations[1]?.initMs).toBeUndefined()
  })

  test('writes more than a pipe holds without losing a byte', async () => {
    const code = "exports.handler = async () => { console.log({ text: 'ä'.repeat(400_000) }); console.log('end') }"
    const { first } = await run(code)
    expect(first.logs[0]?.message).toEqual({ text: 'ä'.repeat(400_000) })
    expect(first.logs[1]?.message).toBe('end')
  })
})

describe('a function that fails', () => {
  const failing: [string, string, RegExp, RegExp, WorkerOptions?][] = [
    ['throws', "exports.handler = async () => { throw new RangeError('no') }", /RangeError/, /^no$/],
    ['throws what is no error', "exports.handler = async () => { throw 'no' }", /string/, /^no$/],
    ['throws while it loads', "throw new SyntaxError('broken bundle')", /SyntaxError/, /broken bundle/],
    ['exports no handler', 'exports.other = 1', /HandlerNotFound/, /index.handler is undefined or not exported/],
    ['has no such file', OK, /ImportModuleError/, /Cannot find module 'main'/, { handler: 'main.handler' }],
    ['exits', 'exports.handler = async () => process.exit(3)', /ExitError/, /exit status 3/],
    ['is killed', "exports.handler = async () => process.kill(process.pid, 'SIGKILL')", /ExitError/, /signal: SIGKILL/],
    ['never answers', 'exports.handler = () => new Promise(() => {})', /ExitError/, /without providing a reason/],
    [
      'throws outside of the handler',
      "exports.handler = () => new Promise(() => setTimeout(() => { throw new Error('late') }, 1))",
      /ExitError/,
      /exit status 129/,
    ],
    [
      'takes too long',
      'exports.handler = () => new Promise((resolve) => setTimeout(resolve, 60_000))',
      /Sandbox.Timedout/,
      /Task timed out after 1.00 seconds/,
      { timeout: 1 },
    ],
    ['never yields', 'exports.handler = () => { for (;;); }', /Timedout/, /after 1.00 seconds/, { timeout: 1 }],
    [
      'answers with too much',
      "exports.handler = async () => 'x'.repeat(7 * 1024 * 1024)",
      /ResponseSizeTooLarge/,
      /exceeded maximum allowed/,
    ],
  ]

  test.each(failing)('one that %s is told with type and reason, and its message is a dead letter', async (...given) => {
    const [, code, type, message, options] = given
    const { first, cloud, invocations } = await run(code, options)
    expect(first.error?.type).toMatch(type)
    expect(first.error?.message).toMatch(message)
    expect(invocations).toHaveLength(1)
    expect(cloud.deadLetters()).toEqual([
      { queue: expect.stringContaining('JobDead'), messages: [expect.objectContaining({ body: expect.any(String) })] },
    ])
  })

  test('is replaced by a new process after a crash and after a timeout', async () => {
    const code = `exports.handler = async (event) => {
      console.log(process.pid)
      const { n } = JSON.parse(event.Records[0].body).detail
      if (n === 1) process.exit(1)
      if (n === 2) for (;;);
    }`
    const options = { timeout: 1, mapping: { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 1 } } }
    const { cloud, invocations } = await run(code, options)
    for (const n of [2, 3]) {
      cloud.put({ source: 'Job', detail: { n } })
      await cloud.settle()
    }
    expect(invocations.map(({ error }) => error?.type)).toEqual(['Runtime.ExitError', 'Sandbox.Timedout', undefined])
    expect(new Set(invocations.map(({ logs }) => logs[0]?.message)).size).toBe(3)
  })

  test('keeps what it logged before', async () => {
    const { first } = await run("exports.handler = async () => { console.info('so far'); process.exit(1) }")
    expect(first.logs).toContainEqual({ level: 'INFO', message: 'so far' })
  })

  test('that never stops printing does not fill the memory', async () => {
    const { first } = await run("exports.handler = async () => { for (let i = 0; i < 10_050; i++) console.log('x') }")
    expect(first.logs).toHaveLength(10_001)
    expect(first.logs.at(-1)?.message).toBe('50 more lines were not kept')
  })
})

describe('the end', () => {
  test('no process is left after close', async () => {
    const { cloud, first } = await run('exports.handler = async () => { console.log(process.pid) }')
    const pid = Number(first.logs[0]?.message)
    expect(process.kill(pid, 0)).toBe(true)
    await cloud.close()
    expect(() => process.kill(pid, 0)).toThrow(/ESRCH/)
  })

  test('a function may do with the SDK what its role allows, and nothing else', async () => {
    const code = `exports.handler = async () => {
      const call = async (target, body) => {
        const response = await fetch(process.env.AWS_ENDPOINT_URL, { method: 'POST', body: JSON.stringify(body), headers: {
          'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target, 'x-amz-date': '20300101T000000Z',
          authorization: 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID + '/20300101/ap-northeast-1/' +
            (target.startsWith('secrets') ? 'secretsmanager' : 'ecr') + '/aws4_request, SignedHeaders=host, Signature=0' } })
        console.log({ target, status: response.status, text: await response.text() })
      }
      await call('secretsmanager.GetSecretValue', { SecretId: 'mine' })
      await call('secretsmanager.GetSecretValue', { SecretId: 'other' })
    }`
    const secret = 'arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:mine-??????'
    const { aws, cloud, invocations } = await deployed({
      resources: worker('Job', { statements: [allow('secretsmanager:GetSecretValue', secret)] }),
      code: { Job: code },
    })
    aws.secrets.put('mine', 'a')
    aws.secrets.put('other', 'b')
    cloud.put({ source: 'Job' })
    await cloud.settle()
    const messages = invocations[0]?.logs.map(({ message }) => message)
    expect(messages).toEqual([
      expect.objectContaining({ status: 200, text: expect.stringContaining('"a"') }),
      expect.objectContaining({ status: 400, text: expect.stringContaining('AccessDenied') }),
    ])
  })
})
