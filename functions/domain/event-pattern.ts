/** What a field of an event has to be: one of these, or as one of these says. */
export type Condition = string | Readonly<Record<string, unknown>>

/**
 * An event pattern as EventBridge takes it.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export type EventPattern = {
  readonly source: readonly string[]
  readonly 'detail-type': readonly string[]
  readonly resources?: readonly { readonly wildcard: string }[]
  readonly detail: Readonly<Record<string, readonly Condition[] | Readonly<Record<string, unknown>>>>
}

/** A rule of the stack by what it is for. */
export type NamedPattern = { readonly id: string; readonly description: string; readonly pattern: EventPattern }
