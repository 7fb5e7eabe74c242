import { AwsError } from './error.ts'
import type { Complaints } from './protocol/values.ts'

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

const serialization = (path: string, expected: string, got: string): AwsError =>
  new AwsError(
    'SerializationException',
    `Invalid type for parameter ${path || 'input'}: ${got}, where a ${expected} belongs.`,
  )

/**
 * How most services word it. AWS itself ignores a field that it does not know; here it is an error, because a field
 * that is silently ignored is a typing mistake that nobody sees.
 */
export const commonComplaints = (code = 'ValidationException'): Complaints => ({
  missing: (path) =>
    new AwsError(
      code,
      `1 validation error detected: Value null at '${lowerFirst(path)}' failed to satisfy constraint: Member must not be null`,
    ),
  unknown: (path, allowed) =>
    new AwsError(code, `Unknown parameter in input: "${path}", must be one of: ${allowed.join(', ')}`),
  wrongType: serialization,
})

/** ECR words a missing or wrong parameter in its own way. */
export const ecrComplaints: Complaints = {
  ...commonComplaints('InvalidParameterException'),
  missing: (path) => invalidParameter(path, 'must not be null'),
}

export const invalidParameter = (path: string, constraint: string): AwsError =>
  new AwsError(
    'InvalidParameterException',
    `Invalid parameter at '${path}' failed to satisfy constraint: '${constraint}'`,
  )

export const sqsComplaints: Complaints = {
  ...commonComplaints('InvalidParameterValueException'),
  missing: (path) =>
    new AwsError('MissingRequiredParameterException', `The request must contain the parameter ${path}.`),
}

export const snsComplaints: Complaints = {
  ...commonComplaints('ValidationError'),
  missing: (path) =>
    new AwsError('InvalidParameter', `Invalid parameter: ${path} Reason: no value for required parameter`),
}
