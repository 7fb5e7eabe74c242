// Runs a handler as Lambda's Node.js runtime does: loads it, asks the Runtime API for work, answers, asks again.
// One CommonJS file without imports of ours, because it is all that a new process has to load before the handler.
const { writeSync } = require('node:fs')
const http = require('node:http')
const { join } = require('node:path')
const { format } = require('node:util')

const { env } = process
const [host, port] = env.AWS_LAMBDA_RUNTIME_API.split(':')
const agent = new http.Agent({ keepAlive: true, maxSockets: 2 })
const STDOUT = 1
/** Ends the output of one invocation; the parent waits for it, for the pipe and the socket race. */
const END = '\u001eEND '

let requestId
let clockOffset = Number(env._LAMBDA_CLOCK_OFFSET_MS ?? 0)
delete env._LAMBDA_CLOCK_OFFSET_MS

const pause = new Int32Array(new SharedArrayBuffer(4))

function write(text) {
  let rest = Buffer.from(text)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(STDOUT, rest))
    } catch (error) {
      // The pipe is full: the parent reads as soon as it can.
      if (error.code !== 'EAGAIN') throw error
      Atomics.wait(pause, 0, 0, 2)
    }
  }
}

/** `Date` follows the virtual clock; timers stay real. */
function patchClock() {
  const RealDate = Date
  const realNow = Date.now.bind(Date)
  const now = () => realNow() + clockOffset
  RealDate.now = now
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length > 0 ? args : [now()], newTarget),
    apply: () => new RealDate(now()).toString(),
  })
  RealDate.prototype.constructor = globalThis.Date
}

const describeError = (error) => ({
  errorType: error?.constructor?.name ?? 'UnknownError',
  errorMessage: error.message,
  stackTrace: typeof error.stack === 'string' ? error.stack.split('\n') : [],
})

const expandErrors = (_, value) => (value instanceof Error ? { ...describeError(value), ...value } : value)

/** @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html */
function logLine(level, [message, ...rest]) {
  const record = { timestamp: new Date().toISOString(), level, requestId }
  if (rest.length > 0) {
    const error = rest.find((value) => value instanceof Error)
    return JSON.stringify({ ...record, message: format(message, ...rest), ...(error ? describeError(error) : {}) })
  }
  try {
    return JSON.stringify({ ...record, message }, expandErrors)
  } catch {
    return JSON.stringify({ ...record, message: format(message) })
  }
}

const METHODS = { trace: 'TRACE', debug: 'DEBUG', log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR' }
const ORDER = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']

function patchConsole() {
  const least = Math.max(0, ORDER.indexOf(env.AWS_LAMBDA_LOG_LEVEL))
  for (const [method, level] of Object.entries(METHODS)) {
    const heard = ORDER.indexOf(level) >= least
    console[method] = (...values) => heard && write(`${logLine(level, values)}\n`)
  }
  // Both streams end in one log, in the order of writing.
  for (const stream of [process.stdout, process.stderr])
    stream.write = (chunk, encoding, done) => {
      write(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'))
      const callback = typeof encoding === 'function' ? encoding : done
      if (callback) queueMicrotask(callback)
      return true
    }
}

function call(method, path, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const options = { host, port, method, path: `/2018-06-01/runtime/${path}`, agent, headers }
    if (body !== undefined) headers['content-length'] = Buffer.byteLength(body)
    const request = http.request(options, (response) => {
      const chunks = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }))
    })
    request.on('error', reject)
    request.end(body)
  })
}

function wireError(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] }
  const { errorMessage, stackTrace } = describeError(error)
  return { errorType: error.name, errorMessage, trace: stackTrace }
}

const postError = (path, error) => {
  const body = wireError(error)
  const headers = { 'content-type': 'application/json', 'Lambda-Runtime-Function-Error-Type': body.errorType }
  return call('POST', path, JSON.stringify(body), headers)
}

/** Lambda's `.mjs` handlers are loaded as well; `require` of an ES module works in the Node.js that it runs on. */
function load() {
  const [module, ...names] = env._HANDLER.split('.')
  const name = names.join('.')
  let file
  for (const extension of ['.js', '.mjs', '.cjs'])
    try {
      file ??= require.resolve(join(env.LAMBDA_TASK_ROOT, module + extension))
    } catch {}
  if (!file) throw Object.assign(new Error(`Cannot find module '${module}'`), { name: 'Runtime.ImportModuleError' })
  const handler = require(file)[name]
  if (typeof handler === 'function') return handler
  throw Object.assign(new Error(`${env._HANDLER} is undefined or not exported`), { name: 'Runtime.HandlerNotFound' })
}

const contextOf = (headers, deadline) => ({
  callbackWaitsForEmptyEventLoop: true,
  functionName: env.AWS_LAMBDA_FUNCTION_NAME,
  functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
  memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
  logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
  invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
  awsRequestId: headers['lambda-runtime-aws-request-id'],
  getRemainingTimeInMillis: () => deadline - Date.now(),
})

async function serve(handler, { headers, body }) {
  requestId = headers['lambda-runtime-aws-request-id']
  clockOffset = Number(headers['lambda-runtime-clock-offset'] ?? clockOffset)
  const path = `invocation/${requestId}`
  let answer
  try {
    const result = await handler(JSON.parse(body), contextOf(headers, Number(headers['lambda-runtime-deadline-ms'])))
    const text = JSON.stringify(result === undefined ? null : result)
    answer = () => call('POST', `${path}/response`, text, { 'content-type': 'application/json' })
  } catch (error) {
    write(`${logLine('ERROR', ['Invoke Error', error instanceof Error ? error : new Error(String(error))])}\n`)
    answer = () => postError(`${path}/error`, error)
  }
  write(`\n${END}${requestId}\n`)
  await answer()
}

async function main() {
  patchClock()
  patchConsole()
  // The parent holds the other end: when it is gone, so is the reason to live.
  process.stdin
    .on('end', () => process.exit(1))
    .on('error', () => process.exit(1))
    .resume()
    .unref()
  let handler
  try {
    handler = load()
  } catch (error) {
    write(`${logLine('ERROR', ['Init Error', error instanceof Error ? error : new Error(String(error))])}\n`)
    await postError('init/error', error)
    process.exit(1)
  }
  for (;;) await serve(handler, await call('GET', 'invocation/next'))
}

process.on('uncaughtException', (error) => {
  write(`${logLine('ERROR', ['Uncaught Exception', error])}\n`)
  process.exit(129)
})
process.on('unhandledRejection', (reason) => {
  write(
    `${logLine('ERROR', ['Unhandled Promise Rejection', reason instanceof Error ? reason : new Error(String(reason))])}\n`,
  )
  process.exit(128)
})

main()
