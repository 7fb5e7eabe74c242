import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { chainOf, commandIn, lastStage, parseDockerfile } from './dockerfile.ts'

const ROOT = resolve(import.meta.dirname, '../../..')
const FOLDER = join(ROOT, 'examples/images')

type Lock = { readonly packages: Readonly<Record<string, { readonly dev?: boolean }>> }

const PACKAGE: { readonly dependencies: object } = JSON.parse(readFileSync(join(FOLDER, 'node/package.json'), 'utf8'))
const LOCK: Lock = JSON.parse(readFileSync(join(FOLDER, 'node/package-lock.json'), 'utf8'))

const temporary: string[] = []
const children = new Set<ChildProcess>()
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  for (const folder of temporary) rmSync(folder, { recursive: true })
})

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'steward-app-'))
  temporary.push(made)
  return made
}

const succeeds = (command: string, argv: readonly string[]): boolean => spawnSync(command, argv).status === 0

function must(command: string, argv: readonly string[], env: NodeJS.ProcessEnv = {}, cwd = FOLDER): void {
  const { status, stdout, stderr } = spawnSync(command, argv, {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${command} ends with ${status}: ${stdout}${stderr}`)
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return String(port)
}

/** What the image of a Dockerfile starts, and what it asks for its health. */
function commandsOf(name: string) {
  const build = parseDockerfile(readFileSync(join(FOLDER, name, 'Dockerfile'), 'utf8'))
  const instructions = chainOf(build, lastStage(build)).flatMap((stage) => stage.instructions)
  const argvOf = (...keywords: readonly string[]): readonly string[] => {
    const found = instructions.findLast((one) => keywords.includes(one.getKeyword()))
    const command = commandIn((found?.getArgumentsContent() ?? '').replace(/^CMD /, ''))
    if (command.form === 'shell') throw new Error(`${keywords} of ${name} is no list`)
    return command.argv
  }
  return { start: argvOf('CMD', 'ENTRYPOINT'), health: argvOf('HEALTHCHECK') }
}

/** Starts a server, and waits until it says that it listens. */
async function start(argv: readonly string[], cwd: string, env: NodeJS.ProcessEnv) {
  const child = spawn(argv[0] ?? '', argv.slice(1), { cwd, env })
  children.add(child)
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }))
  await new Promise<void>((heard, failed) => {
    let said = ''
    const hear = (chunk: Buffer): void => {
      said += chunk
      if (/listening/i.test(said)) heard()
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('close', () => failed(new Error(`it ended: ${said}`)))
  })
  return { child, ended }
}

/** The interpreter itself: what is on PATH may be a script that looks for it each time. */
const PYTHON = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout?.trim()

type App = {
  readonly name: string
  /** The commands of the image, as they are called on this machine. */
  readonly here: (argv: readonly string[]) => readonly string[]
  /** Makes what the image has in it. @returns the folder that it starts in */
  readonly prepare: () => string
}

async function provesWell({ name, here, prepare }: App): Promise<void> {
  const cwd = prepare()
  const PORT = await freePort()
  const env = { ...process.env, PORT, PYTHONDONTWRITEBYTECODE: '1', PYTHONUNBUFFERED: '1' }
  const commands = commandsOf(name)
  const health = () => {
    const [command = '', ...argv] = here(commands.health)
    return spawnSync(command, argv, { cwd, env }).status
  }
  const { child, ended } = await start(here(commands.start), cwd, env)
  const statuses = ['/', '/health', '/nothing'].map(
    async (path) => (await fetch(`http://127.0.0.1:${PORT}${path}`)).status,
  )
  expect(await Promise.all(statuses)).toEqual([200, 200, 404])
  expect(health()).toBe(0)
  child.kill('SIGTERM')
  expect(await ended).toEqual({ code: 0, signal: null })
  expect(health()).toBe(1)
}

describe('what the image starts answers, is found well, ends when it is told to, and is found unwell then', {
  timeout: 60_000,
}, () => {
  test('Node, as its own build makes it, with its dependencies alone', () =>
    provesWell({
      name: 'node',
      here: ([, ...argv]) => [process.execPath, ...argv],
      prepare() {
        const app = folder()
        const argv = [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'node', '--outDir', join(app, 'dist')]
        must(process.execPath, argv)
        copyFileSync(join(FOLDER, 'node/package.json'), join(app, 'package.json'))
        mkdirSync(join(app, 'node_modules'))
        for (const name of Object.keys(PACKAGE.dependencies))
          symlinkSync(join(ROOT, 'node_modules', name), join(app, 'node_modules', name))
        return app
      },
    }))

  const hasGo = succeeds('go', ['version'])
  test.skipIf(!hasGo)(`Go${hasGo ? '' : ': go was not found'}`, () => {
    const app = folder()
    return provesWell({
      name: 'go',
      here: ([, ...argv]) => [join(app, 'server'), ...argv],
      prepare() {
        const env = { CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false' }
        must('go', ['build', '-o', join(app, 'server'), '.'], env, join(FOLDER, 'go'))
        return app
      },
    })
  })

  const hasGunicorn = Boolean(PYTHON) && succeeds(PYTHON, ['-c', 'import gunicorn'])
  test.skipIf(!hasGunicorn)(`Python${hasGunicorn ? '' : ': gunicorn was not found'}`, () =>
    provesWell({
      name: 'python',
      here: (argv) => [PYTHON, ...(argv[0] === 'gunicorn' ? ['-m', ...argv] : argv.slice(1))],
      prepare: () => join(FOLDER, 'python'),
    }),
  )
})

/** Without gunicorn: the same application in the server of Python itself. */
const WSGI = `
import os, socket
from wsgiref.simple_server import make_server
from app import app
# It asks the network what the machine is called.
socket.getfqdn = str
with make_server("127.0.0.1", int(os.environ["PORT"]), app) as server:
    print("listening")
    server.serve_forever()
`

const without = PYTHON ? '' : ': python3 was not found'
test.skipIf(!PYTHON)(`the application of Python is well${without}`, { timeout: 60_000 }, async () => {
  const [cwd, PORT] = [join(FOLDER, 'python'), await freePort()]
  const env = { ...process.env, PORT, PYTHONDONTWRITEBYTECODE: '1', PYTHONUNBUFFERED: '1' }
  const { child, ended } = await start([PYTHON, '-c', WSGI], cwd, env)
  const health = () => spawnSync(PYTHON, commandsOf('python').health.slice(1), { cwd, env }).status
  expect(health()).toBe(0)
  child.kill('SIGTERM')
  await ended
  expect(health()).toBe(1)
})

test('npm ci --omit=dev installs the dependencies of the Node app and no compiler', () => {
  // A development dependency that is an optional peer of a dependency is not marked so, and would be installed.
  const installed = Object.entries(LOCK.packages).filter(([path, { dev }]) => path !== '' && !dev)
  expect(installed.map(([path]) => path)).toEqual(
    Object.keys(PACKAGE.dependencies).map((name) => `node_modules/${name}`),
  )
})
