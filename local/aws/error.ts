/**
 * An error as an AWS service answers it: `code` is the `__type` or `<Code>`, `status` the HTTP status, `detail` what the
 * error's shape has beside its message.
 */
export class AwsError extends Error {
  readonly code: string
  readonly status: number
  readonly detail: object

  constructor(code: string, message: string, status = 400, detail: object = {}) {
    super(message)
    this.name = code
    this.code = code
    this.status = status
    this.detail = detail
  }
}
