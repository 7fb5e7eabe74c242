import type { ForeignEvent, RecognisedEvent } from '../domain/event.ts'
import { isEcrArn, serviceOf } from './arn.ts'
import { headOf, shape, toHead, word } from './fields.ts'
import { check } from './invalid-event.ts'

/** In AWS's list of events; no sample of it was ever published. */
const parseArtifact = (value: unknown): RecognisedEvent => ({
  ...toHead(check(shape(headOf('ecr')), value)),
  type: 'recognised',
})

const Coverage = shape({
  ...headOf('inspector'),
  detail: shape({ scanStatus: shape({ statusCodeValue: word, reason: word }) }),
})

/**
 * `Inspector2 Coverage`: an image, an instance or a function is no longer scanned, or is again.
 * @see https://docs.aws.amazon.com/inspector/latest/user/eventbridge-integration.html
 */
function parseCoverage(value: unknown): RecognisedEvent | ForeignEvent {
  const { resources, detail, ...event } = check(Coverage, value)
  if (resources.length > 0 && !resources.some(isEcrArn)) {
    return { ...toHead(event), type: 'foreign', about: serviceOf(resources[0]) }
  }
  const { statusCodeValue, reason } = detail.scanStatus
  return { ...toHead(event), type: 'recognised', action: statusCodeValue, result: reason }
}

/** Inspector could not be enabled for an organisation's member: sent to its administrator. */
const parseAutoEnable = (value: unknown): ForeignEvent => ({
  ...toHead(check(shape(headOf('inspector')), value)),
  type: 'foreign',
  about: 'inspector2',
})

/** A parser for each detail type that is known but has no consumer yet. */
export const RECOGNISED: Readonly<Record<string, (value: unknown) => RecognisedEvent | ForeignEvent>> = {
  'ECR Artifact Action': parseArtifact,
  'Inspector2 Coverage': parseCoverage,
  'Inspector2 AutoEnable': parseAutoEnable,
}
