import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const run = (...args: string[]) => ['scripts/sqs-event.ts', ...args]

describe('scripts/sqs-event.ts', () => {
  it('wraps the events of files as SQS does, a list as several records', () => {
    const said = execFileSync(
      process.execPath,
      run('events/basic-scan-critical.json', 'events/enhanced-scan-and-findings.json'),
      {
        cwd: ROOT,
        encoding: 'utf8',
      },
    )
    const { Records } = JSON.parse(said) as { Records: { messageId: string; body: string; eventSource: string }[] }
    expect(Records.length).toBeGreaterThan(2)
    expect(new Set(Records.map(({ messageId }) => messageId)).size).toBe(Records.length)
    expect(Records.map(({ body }) => JSON.parse(body)['detail-type'])).toContain('ECR Image Scan')
  })

  it.each([[[]], [['events/absent.json']]])('says what is wrong with %j', (files) => {
    const { status, stderr } = spawnSync(process.execPath, run(...files), { cwd: ROOT, encoding: 'utf8' })
    expect(status).toBe(1)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})
