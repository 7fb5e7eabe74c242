import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import { afterAll, describe, expect, it } from 'vitest'
import { stewardApp } from '../../infra/steward-app.ts'
import { config } from './synth.ts'

const outdir = mkdtempSync(join(tmpdir(), 'steward-nag-'))
afterAll(() => rmSync(outdir, { recursive: true }))

describe('cdk-nag', () => {
  it('fails the synthesis of a stack with a queue that has no dead-letter queue and takes plain HTTP', () => {
    const { app, stack } = stewardApp(config, outdir)
    new Queue(stack, 'Careless')
    expect(() => app.synth()).toThrow(/Steward\/Careless.*AwsSolutions-SQS3.*AwsSolutions-SQS4/s)
  })
})
