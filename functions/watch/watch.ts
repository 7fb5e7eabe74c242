import type { SQSRecord } from 'aws-lambda'
import { type Handled, type Result, readBatch, together, workOnEach } from '../batch.ts'
import type { Outcome } from '../outcome.ts'
import { watchCache, watchReplication } from './incident.ts'
import { type Job, joined, sort } from './job.ts'
import type { Deps } from './ports.ts'
import { watchRegistry } from './registry.ts'
import { watchRepository } from './repository.ts'
import { watchScanning } from './scanning-change.ts'

function work(job: Job, deps: Deps): Promise<Result> {
  if (job.kind === 'repository') return watchRepository(job, deps)
  if (job.kind === 'registry') return watchRegistry(job, deps)
  if (job.kind === 'replication') return watchReplication(job, deps)
  return job.kind === 'cache-sync' ? watchCache(job, deps) : watchScanning(job, deps)
}

/** All records of one batch: what became of each event, and the ids of the messages that must come again. */
export async function watchBatch(records: readonly SQSRecord[], deps: Deps): Promise<Handled> {
  const { config, home, now, deadline } = deps
  const { deliveries, refused } = readBatch(records)
  const jobs: Job[] = []
  const outcomes: Outcome[] = []
  for (const delivery of deliveries) {
    const sorted = sort(delivery, config, home)
    if ('outcome' in sorted) outcomes.push(sorted)
    else jobs.push(sorted)
  }
  const handled = await workOnEach(joined(jobs), {
    work: (job) => work(job, deps),
    grouped: 'looked at once for all changes of its batch',
    now,
    deadline,
  })
  return together([refused, { outcomes, again: [] }, handled])
}
