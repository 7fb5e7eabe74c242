import type { StewardConfig } from '../../config/load.ts'
import type { Handled } from '../../functions/batch.ts'
import { pushCheckConfig } from '../../functions/push-check/contract.ts'
import { checkBatch } from '../../functions/push-check/push-check.ts'
import { scanAlertConfig } from '../../functions/scan-alert/contract.ts'
import { alertOnBatch } from '../../functions/scan-alert/scan-alert.ts'
import { watchConfig } from '../../functions/watch/contract.ts'
import { watchBatch } from '../../functions/watch/watch.ts'
import { pushPorts, type Surroundings, scanPorts, watchPorts } from './ports.ts'
import type { EventFunction } from './stack-rules.ts'

/** What a function does with the records of a batch. */
export type UseCase = (records: Parameters<typeof checkBatch>[0]) => Promise<Handled>

/** The use cases as the functions of the stack run them, with what a replay has in place of AWS. They have all the time they want. */
export function useCases(
  config: StewardConfig,
  around: Surroundings,
  now: () => Date,
): Readonly<Record<EventFunction, UseCase>> {
  const [scan, push, watch] = [scanAlertConfig(config), pushCheckConfig(config), watchConfig(config)]
  const ports = { scan: scanPorts(around, scan), push: pushPorts(around, push), watch: watchPorts(around, watch) }
  const base = { home: around.home, now, deadline: Number.POSITIVE_INFINITY }
  return {
    'scan-alert': (records) => alertOnBatch(records, scan, { ...base, ports: ports.scan }),
    'push-check': (records) => checkBatch(records, { ...base, ports: ports.push, config: push }),
    watch: (records) => watchBatch(records, { ...base, ports: ports.watch, config: watch }),
  }
}
