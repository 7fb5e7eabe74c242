import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ensureAssembly } from '../../local/assembly.ts'

const ROOT = join(import.meta.dirname, '../..')
const CRITICAL = 'events/basic-scan-critical.json'
const QUIET = 'events/basic-scan-medium-only.json'

const folder = mkdtempSync(join(tmpdir(), 'ecr-steward-test-'))
const file = (name: string, content: string): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

type Run = { readonly code: number | null; readonly out: string; readonly err: string }

const children = new Set<ChildProcess>()

function start(script: string, args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(ROOT, 'local', script), ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? '', ...env },
  })
  children.add(child)
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  const ended = new Promise<Run>((resolve) => child.on('close', (code) => resolve({ code, out, err })))
  const says = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const found = pattern.exec(out + err)
      if (found) return found
      if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${out}${err}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  return { child, ended, says }
}

const run = (...args: string[]): Promise<Run> => start('start.ts', args).ended

beforeAll(() => ensureAssembly(ROOT), 60_000)
afterAll(() => {
  for (const child of children) child.kill()
})

describe('npm start -- FILE…', () => {
  test('tells a story without colours in a pipe, and ends with exit code 0', async () => {
    const { code, out, err } = await run(CRITICAL, QUIET)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('scan-alert  alerted  23 at HIGH or above')
    expect(out).toContain('notify      sent #security')
    expect(out).toContain('┃ 6 critical, 17 high in prod/api:1.4.2')
    expect(out).toContain('no rule     quiet  nothing at HIGH or above: 3 medium')
    expect(out).toContain('2 events: 1 alerted, 1 quiet')
    expect(out).not.toContain('\u001b')
  })

  test('has colours where they are asked for', async () => {
    const { out } = await start('start.ts', [QUIET], { FORCE_COLOR: '1' }).ended
    expect(out).toContain('\u001b[')
  })

  test('prints one JSON object per event with --json, and names the events of an array', async () => {
    const burst = file('burst.json', JSON.stringify([event(CRITICAL), event(CRITICAL), { 'detail-type': 7 }]))
    const { code, out } = await run('--json', burst, QUIET)
    expect(code).toBe(0)
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ event, outcome, alerts }) => [event, outcome, alerts.length])).toEqual([
      [`${burst}#1`, 'alerted', 1],
      [`${burst}#2`, 'grouped', 0],
      [`${burst}#3`, 'invalid', 0],
      [QUIET, 'quiet', 0],
    ])
    expect(lines[0]).toMatchObject({
      detailType: 'ECR Image Scan',
      rules: ['scan-alert/BasicScan'],
      functions: ['scan-alert', 'notify'],
      reason: '23 at HIGH or above',
      alerts: [{ kind: 'vulnerabilities', severity: 'CRITICAL', title: '6 critical, 17 high in prod/api:1.4.2' }],
    })
  })

  test('makes one message of many finding events of one image, even of one that ECR does not know', async () => {
    const [, finding] = JSON.parse(readFileSync(join(ROOT, 'events/enhanced-scan-and-findings.json'), 'utf8'))
    const elsewhere = JSON.parse(JSON.stringify(finding).replaceAll('ap-northeast-1', 'eu-west-1'))
    const findings = Array.from({ length: 30 }, (_, n) => {
      const vulnerabilityId = `CVE-2026-${n}`
      const details = { ...elsewhere.detail.packageVulnerabilityDetails, vulnerabilityId }
      return {
        ...elsewhere,
        id: `f-${n}`,
        region: 'eu-west-1',
        detail: { ...elsewhere.detail, packageVulnerabilityDetails: details },
      }
    })
    const { out } = await run('--json', file('findings.json', JSON.stringify(findings)))
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.flatMap(({ alerts }) => alerts)).toMatchObject([{ kind: 'vulnerabilities' }])
    expect(lines.map(({ outcome }) => outcome).toSorted()).toEqual(['alerted', ...Array(29).fill('grouped')])
  })

  test.each([
    ['a file that is not there', ['nowhere.json'], 'nowhere.json: no such file; samples are in events/'],
    ['a folder', ['events'], 'events: is a folder; name its files, for example events/*.json'],
    ['text', [file('text.json', 'hello')], /text\.json: not JSON: .*; give one EventBridge event or an array of them/],
    ['a number', [file('number.json', '7')], /number\.json: an EventBridge event is a JSON object, found a number/],
    [
      'a list in a list',
      [file('lists.json', '[[]]')],
      /lists\.json#1: an EventBridge event is a JSON object, found an array/,
    ],
    ['an unknown option', ['--jsom'], /^Unknown option '--jsom'; npm start -- --help says what there is\n$/],
    ['a port that is none', ['--serve', '--port', '99999'], '--port 99999: give a number from 0 to 65535'],
  ])('refuses %s in one clear line', async (_, args, message) => {
    const { code, out, err } = await run(...args)
    expect(err).toMatch(message)
    expect(err).not.toMatch(/^\s+at /m)
    expect({ code, out }).toEqual({ code: 1, out: '' })
  })

  test('says what it can do', async () => {
    const { code, out } = await run('--help')
    expect(code).toBe(0)
    expect(out).toContain('npm start -- FILE…')
  })

  test('stays up with --serve, shows the messages, and ends on a signal', async () => {
    const { child, ended, says } = start('start.ts', ['--serve', '--port', '0', CRITICAL])
    const [, url = ''] = await says(/The messages: (\S+)/)
    const page = await fetch(url)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('ecr-steward')
    child.kill('SIGTERM')
    expect((await ended).code).toBe(0)
  })

  test('says that the port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const { port } = taken.address() as AddressInfo
    const { code, err } = await run('--serve', '--port', String(port), QUIET)
    taken.close()
    expect(code).toBe(1)
    expect(err.trim()).toContain(`port ${port} is taken: end what listens there, or choose another one with --port`)
    expect(err).not.toMatch(/^\s+at /m)
  })
})

describe('npm run local', () => {
  test('keeps the local AWS up with the small registry and a template in it', async () => {
    const template = file(
      'Shop.template.json',
      JSON.stringify({
        Parameters: { Name: { Type: 'String' } },
        Resources: { Web: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: { Ref: 'Name' } } } },
        Outputs: { Repository: { Value: { Ref: 'Web' } } },
      }),
    )
    const args = ['--port', '0', '--template', template, '--parameter', 'Name=shop/web']
    const { child, ended, says } = start('serve.ts', args)
    const [, url = ''] = await says(/Local AWS on (http:\/\/127\.0\.0\.1:\d+)/)
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-amz-json-1.1',
        'X-Amz-Target': 'AmazonEC2ContainerRegistry_V20150921.DescribeRepositories',
        Authorization:
          'AWS4-HMAC-SHA256 Credential=x/20261120/ap-northeast-1/ecr/aws4_request, SignedHeaders=host, Signature=0',
      },
      body: '{}',
    })
    const { repositories } = (await answer.json()) as { repositories: { repositoryName: string }[] }
    const names = repositories.map(({ repositoryName }) => repositoryName)
    expect(names).toEqual(expect.arrayContaining(['prod/api', 'shop/web']))
    child.kill('SIGINT')
    const { code, out } = await ended
    expect([code, out]).toEqual([0, expect.stringMatching(/^Shop is deployed\.\n {2}Repository = shop\/web\n/)])
  })

  test('refuses a port that is none', async () => {
    const { code, err } = await start('serve.ts', ['--port', 'http']).ended
    expect({ code, err: err.trim() }).toEqual({
      code: 1,
      err: '--port http: give a number from 0 to 65535; 0 is any free port',
    })
  })
})

function event(path: string): object {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'))
}
