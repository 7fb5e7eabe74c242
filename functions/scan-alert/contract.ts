import type { AlertPolicy } from '../domain/alert-policy.ts'
import type { Exception } from '../domain/exception.ts'
import type { PolicyEntry } from '../domain/policy.ts'
import { severitiesFrom } from '../domain/severity.ts'
import { type Elsewhere, elsewhereIn } from '../elsewhere.ts'
import { baseRepositoriesOf } from '../policy/image/bases.ts'

/** Seconds that one invocation may take; the queue's visibility and the lease on an image follow from it. */
export const TIMEOUT_SECONDS = 60
/** Records of one invocation: hundreds of finding events of one push come in a few batches. */
export const BATCH_SIZE = 100
/** Seconds that the queue gathers a batch. */
export const BATCH_WINDOW_SECONDS = 20

/** What the bundle is built with. */
export type ScanAlertConfig = {
  readonly alerts: readonly AlertPolicy[]
  /** Those on findings. */
  readonly exceptions: readonly Exception[]
  /** Whose registries are read beside that of the stack. */
  readonly sweep?: Elsewhere | undefined
  /** Repositories with images that others are built upon. */
  readonly bases?: readonly string[]
}

/** The sections of `steward.yaml` that it goes by. */
export type ScanAlertSections = Omit<ScanAlertConfig, 'bases'> & { readonly policy: readonly PolicyEntry[] }

export const scanAlertConfig = ({ alerts, exceptions, sweep, policy }: ScanAlertSections): ScanAlertConfig => {
  const bases = baseRepositoriesOf(policy)
  return {
    alerts,
    exceptions: exceptions.filter(({ finding }) => finding !== undefined),
    ...elsewhereIn(sweep),
    ...(bases.length > 0 && { bases }),
  }
}

/** Severities that the rules let through: those that at least one policy wants told. */
export const wantedSeverities = (alerts: readonly AlertPolicy[]) =>
  severitiesFrom('UNDEFINED').filter((severity) =>
    alerts.some(({ threshold }) => severitiesFrom(threshold).includes(severity)),
  )
