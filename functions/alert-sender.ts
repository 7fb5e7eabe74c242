import type { Alert } from './domain/alert.ts'

/** Where alerts go out, to whoever subscribes. */
export type AlertSender = { publish(alert: Alert): Promise<void> }
