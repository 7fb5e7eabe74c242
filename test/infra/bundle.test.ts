import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { bundle, packagesIn } from '../../infra/bundle.ts'

const FUNCTIONS = join(import.meta.dirname, '../../functions')

const folders: string[] = []
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'steward-bundle-'))
  folders.push(made)
  return made
}
afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true })
})

/** Bundles a handler made of the given files, and runs it in a process of its own. */
function runBundle(files: Readonly<Record<string, string>>, config: object = {}): { outdir: string; answer: string } {
  const source = folder()
  for (const [name, text] of Object.entries(files)) writeFileSync(join(source, name), text)
  const outdir = folder()
  bundle({ entry: join(source, 'handler.ts'), outdir, config })
  const script = `require(${JSON.stringify(join(outdir, 'index.js'))}).handler().then((answer) => console.log(answer))`
  return { outdir, answer: execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }).trim() }
}

describe('a bundle', () => {
  it('has the configuration in it, whatever a shell would make of its text', () => {
    const config = { text: '$(touch x) `id` "quoted" \'single\' $HOME \\ é' }
    const { answer } = runBundle(
      {
        'handler.ts':
          'declare const STEWARD_CONFIG: { text: string }\nexport const handler = async () => STEWARD_CONFIG.text',
      },
      config,
    )
    expect(answer).toBe(config.text)
  })

  it('takes a configuration of a megabyte', () => {
    const { answer } = runBundle(
      {
        'handler.ts':
          'declare const STEWARD_CONFIG: string[]\nexport const handler = async () => STEWARD_CONFIG.length',
      },
      Array.from({ length: 100_000 }, () => 'team-a/**'),
    )
    expect(answer).toBe('100000')
  })

  it('says where the source is wrong', () => {
    expect(() => runBundle({ 'handler.ts': "import './absent.ts'\nexport const handler = async () => 1" })).toThrow(
      /handler\.ts:1:7.*absent/s,
    )
  })
})

describe('scan-alert', () => {
  const outdir = folder()
  const metafile = bundle({
    entry: join(FUNCTIONS, 'scan-alert/handler.ts'),
    outdir,
    config: { alerts: [{ repositories: ['**'], threshold: 'HIGH', slack: [] }] },
  })

  it('has none of the credential chain but the environment', () => {
    expect(packagesIn(metafile)).toContain('@aws-sdk/client-ecr')
    expect(packagesIn(metafile)).toContain('@aws-sdk/credential-provider-env')
    expect(
      packagesIn(metafile).filter((name) => /provider-(node|sso|ini|http|process|imds)|nested-clients/.test(name)),
    ).toEqual([])
  })

  it('runs the SDK for what is worth telling, and not for anything else', () => {
    const handle = (sample: string): string => {
      const body = readFileSync(join(FUNCTIONS, '../events', sample), 'utf8')
      const record = { messageId: 'm-1', attributes: { ApproximateReceiveCount: '1' }, body }
      const script = `require(${JSON.stringify(join(outdir, 'index.js'))}).handler(${JSON.stringify({ Records: [record] })})
        .then(() => console.log('SDK', process.moduleLoadList.includes('NativeModule fs/promises')))`
      const env = {
        STEWARD_TABLE: 'table',
        STEWARD_TOPIC: 'arn:aws:sns:eu-west-1:123456789012:alerts',
        AWS_REGION: 'eu-west-1',
        AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      }
      return execFileSync(process.execPath, ['-e', script], {
        encoding: 'utf8',
        env,
        stdio: ['ignore', 'pipe', 'ignore'],
      })
    }
    // Only the SDK reads configuration files, which it never finds in Lambda.
    expect(handle('basic-scan-medium-only.json')).toContain('SDK false')
    expect(handle('basic-scan-critical.json')).toContain('SDK true')
  })
})

describe('notify', () => {
  it('is one file without an SDK', () => {
    const outdir = folder()
    const metafile = bundle({ entry: join(FUNCTIONS, 'notify/handler.ts'), outdir, config: { channels: {} } })
    expect(readdirSync(outdir)).toEqual(['index.js'])
    expect(packagesIn(metafile).filter((name) => name.startsWith('@'))).toEqual([])
  })
})
