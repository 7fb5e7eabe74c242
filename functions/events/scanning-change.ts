import * as v from 'valibot'
import type { ScanningChangeEvent } from '../domain/event.ts'
import { headOf, ifAny, repository, shape, toHead, word } from './fields.ts'
import { check } from './invalid-event.ts'

const Changed = shape({
  'repository-name': repository,
  'scan-frequency': ifAny(word),
  'previous-scan-frequency': ifAny(word),
})

const ScanningChange = shape({
  ...headOf('ecr'),
  detail: shape({
    'scan-type': ifAny(word),
    repositories: v.nullish(v.array(Changed, 'a list of repositories'), []),
  }),
})

/**
 * `ECR Scan Resource Change`.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 */
export function parseScanningChange(value: unknown): ScanningChangeEvent {
  const event = check(ScanningChange, value)
  return {
    ...toHead(event),
    type: 'scanning-change',
    scanType: event.detail['scan-type'],
    repositories: event.detail.repositories.map((changed) => ({
      repository: changed['repository-name'],
      now: changed['scan-frequency'],
      before: changed['previous-scan-frequency'],
    })),
  }
}
