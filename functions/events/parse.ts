import type { StewardEvent } from '../domain/event.ts'
import { parseAction } from './action.ts'
import { parseApiCall } from './api-call.ts'
import { parseCacheSync, parseReplication } from './copy.ts'
import { headOf, peek, shape } from './fields.ts'
import { parseFinding } from './finding.ts'
import { describe, faultsOf, InvalidEvent } from './invalid-event.ts'
import { nearest } from './nearest.ts'
import { RECOGNISED } from './recognised.ts'
import { parseBasicScan, parseEnhancedScan } from './scan.ts'
import { parseScanningChange } from './scanning-change.ts'

const PARSERS: Readonly<Record<string, (value: unknown) => StewardEvent>> = {
  'ECR Image Scan': parseBasicScan,
  'Inspector2 Scan': parseEnhancedScan,
  'Inspector2 Finding': parseFinding,
  'ECR Image Action': parseAction,
  'ECR Referrer Action': parseAction,
  'ECR Replication Action': parseReplication,
  'ECR Pull Through Cache Action': parseCacheSync,
  'ECR Scan Resource Change': parseScanningChange,
  'AWS API Call via CloudTrail': parseApiCall,
  ...RECOGNISED,
}

/** Detail types that `parseEvent` reads. */
export const DETAIL_TYPES: readonly string[] = Object.keys(PARSERS)

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The fault of a detail type that nobody documented, together with those of the other fields of the head. */
function unknownType(value: unknown, type: unknown): InvalidEvent {
  if (!isObject(value)) return new InvalidEvent([{ path: 'event', expected: 'an object', found: describe(value) }])
  const near = typeof type === 'string' ? nearest(type, DETAIL_TYPES) : undefined
  const hint = near ? `(did you mean "${near}"?)` : 'of ECR or Inspector'
  const expected = `a documented detail type ${hint}`
  const { source: _, 'detail-type': __, ...head } = headOf('ecr')
  return new InvalidEvent([{ path: 'detail-type', expected, found: describe(type) }, ...faultsOf(shape(head), value)])
}

/**
 * An EventBridge event of ECR or Inspector, in the words of this product. Fields that are not documented are ignored.
 * Throws `InvalidEvent`, and nothing else, for whatever is not such an event.
 */
export function parseEvent(value: unknown): StewardEvent {
  const type = peek(value, 'detail-type')
  const parse = typeof type === 'string' && Object.hasOwn(PARSERS, type) ? PARSERS[type] : undefined
  if (!parse) throw unknownType(value, type)
  return parse(value)
}
