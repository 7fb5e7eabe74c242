import type { Count, Rule } from './rule.ts'
import { isCount, oneOf, type Tell, type Written, wrong } from './written.ts'

const TYPES = ['imageCountMoreThan', 'sinceImagePushed', 'sinceImagePulled', 'sinceImageTransitioned'] as const

/** An archived image is billed for as long in any case. */
const LEAST_ARCHIVED_DAYS = 90

function numberFrom(value: unknown, type: Count['type'] | undefined, tell: Tell): number | undefined {
  const field = 'selection.countNumber'
  if (!isCount(value)) tell(field, wrong(value, 'is no whole number from 1'), 'write a whole number from 1')
  else if (type !== 'sinceImageTransitioned' || value >= LEAST_ARCHIVED_DAYS) return value
  else tell(field, `an image stays in the archive longer than ${value} days`, `write ${LEAST_ARCHIVED_DAYS} or more`)
  return undefined
}

function tellUnit(value: unknown, type: Count['type'], tell: Tell): void {
  const field = 'selection.countUnit'
  if (type !== 'imageCountMoreThan') oneOf(['days'], value, field, tell)
  else if (value !== undefined) tell(field, `${type} counts images`, 'leave it out')
}

/** What a rule counts. */
export function countFrom(selection: Written, tell: Tell): Count | undefined {
  const type = oneOf(TYPES, selection.countType, 'selection.countType', tell)
  const number = numberFrom(selection.countNumber, type, tell)
  if (type) tellUnit(selection.countUnit, type, tell)
  if (!type || number === undefined) return undefined
  return type === 'imageCountMoreThan' ? { type, images: number } : { type, days: number }
}

/** The storage class that a rule selects; what it counts decides which it may be. */
export function classFrom(selection: Written, tell: Tell): Rule['storageClass'] | undefined {
  const { storageClass = 'standard' } = selection
  const type = TYPES.find((one) => one === selection.countType)
  const field = 'selection.storageClass'
  const found = oneOf(['standard', 'archive'], storageClass, field, tell)
  if (type === 'sinceImageTransitioned' && found === 'standard') {
    tell(field, `${type} counts days in the archive`, 'write "storageClass": "archive"')
  }
  if (type && type !== 'sinceImageTransitioned' && found === 'archive') {
    tell(
      field,
      'in the archive days since the transition are all that counts',
      'write "countType": "sinceImageTransitioned"',
    )
  }
  return found
}
