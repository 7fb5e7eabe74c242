import type { Lint, PolicyView } from '../policy-view.ts'

/** Nothing ever leaves the archive. */
export function archiveGrows({ rules }: PolicyView): readonly Lint[] {
  const archiving = rules.filter(({ action }) => action === 'archive')
  const [first] = archiving
  if (!first || rules.some(({ storageClass }) => storageClass === 'archive')) return []
  return [
    {
      ...{ code: 'archive-grows', level: 'note', rule: first.priority, field: 'action.targetStorageClass' },
      problem:
        'Nothing that it archives ever expires, and up to 150 TB a month the archive costs as much as the standard class.',
      instead: 'Add a rule for storageClass archive that expires images by sinceImageTransitioned, from 90 days on.',
    },
  ]
}
