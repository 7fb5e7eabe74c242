import type { Alert } from '../../functions/domain/alert.ts'
import { counted } from '../../functions/domain/counted.ts'
import { imageKey } from '../../functions/domain/image.ts'
import { registryKey } from '../../functions/domain/registry.ts'
import { repositoryKey } from '../../functions/domain/repository-state.ts'

/** Rules that a reason names. */
const NAMED = 12

const isOpen = ({ change }: Alert['items'][number]): boolean => change === 'new' || change === 'known'

/** Whether all that it says is that rules could not be judged. */
export const isUndecided = ({ kind, items }: Alert): boolean =>
  kind === 'policy' && items.filter(isOpen).every(({ severity }) => severity === 'UNDEFINED')

/** What is said in place of such an alert, where nobody was asked. */
export function whyUndecided({ items }: Alert): string {
  const names = items.filter(isOpen).map(({ id }) => id)
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : ''
  const rules = `${counted(names.length, 'rule')} would be judged by what AWS says`
  return `${rules}, and told where one fails: ${names.slice(0, NAMED).join(', ')}${more}`
}

/** Whether a subject of the memory is what an alert is about: of the image, its repository too. */
export function isAbout({ subject: { account, region, repository, digest = '' } }: Alert, key: string): boolean {
  const registry = { account, region }
  if (repository === undefined) return key === `registry#${registryKey(registry)}`
  const image = { ...registry, repository, digest, tags: [] }
  return key === `repository#${repositoryKey(image)}` || key === `image#${imageKey(image)}`
}
