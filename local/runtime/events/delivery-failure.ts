/**
 * An event that EventBridge cannot deliver, with the code that a dead-letter queue is told.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export class DeliveryFailure extends Error {
  override readonly name = 'DeliveryFailure'
  readonly code: 'INVALID_JSON' | 'INVALID_PARAMETER' | 'NO_PERMISSIONS' | 'NO_RESOURCE'

  constructor(code: DeliveryFailure['code'], message: string) {
    super(message)
    this.code = code
  }
}
