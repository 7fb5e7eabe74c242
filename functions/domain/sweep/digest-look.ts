import type { AlertItem } from '../alert.ts'
import { counted } from '../counted.ts'
import { registryKey, shortName } from '../registry.ts'
import { inWords, type Severity } from '../severity.ts'
import type { FirstLook, FoundImage } from './first-look.ts'

/** Registries that a sentence can bear. */
const NAMED = 3

const whereOf = ({ registries }: FirstLook): string =>
  registries.length > NAMED
    ? counted(registries.length, 'registry', 'registries')
    : registries.map(registryKey).join(', ')

const have = (count: number): string => (count === 1 ? 'has' : 'have')

function foundInWords({ images, repositories, unscanned, failing }: FirstLook): string {
  const where = `${counted(images, 'image')} in ${counted(repositories, 'repository', 'repositories')}`
  const subjects = counted(failing, 'image or repository', 'images and repositories')
  const parts = [
    ...(images > 0 ? [`${where} ${have(images)} findings that your alerts would tell`] : []),
    ...(unscanned > 0 ? [`${counted(unscanned, 'image')} could not be scanned`] : []),
    ...(failing > 0 ? [`${subjects} ${have(failing)} rules that fail or are unknown`] : []),
  ]
  return parts.join(', ') || 'nothing that your alerts would tell'
}

/**
 * `First look at 111122223333/ap-northeast-1: 412 images in 38 repositories have findings that your alerts would tell. From now
 * on each new one is told by itself.`
 */
export const lookInWords = (look: FirstLook): string =>
  `First look at ${whereOf(look)}: ${foundInWords(look)}. From now on each new one is told by itself.`

/** Of what is found in images, worst first; a rule that fails is as bad as in any digest. */
export const severitiesOfLook = ({ worst, failing, unscanned }: FirstLook): readonly Severity[] => [
  ...worst.map(({ severity }) => severity),
  ...(failing + unscanned > 0 ? (['MEDIUM'] as const) : []),
]

const headingOf = ({ worst, images }: FirstLook): string =>
  `First look, worst first${images > worst.length ? `: ${worst.length} of ${counted(images, 'image')}` : ''}`

const itemOf = (image: FoundImage, look: FirstLook): AlertItem => ({
  id: shortName(image),
  severity: image.severity,
  change: 'new',
  subject: headingOf(look),
  text: inWords(image.counts),
  notes: [
    image.owner,
    ...(image.users?.[0] === undefined ? [] : [`used by ${image.users[0]}`]),
    ...(look.registries.length > 1 ? [registryKey(image)] : []),
  ],
})

export const itemsOfLook = (look: FirstLook): AlertItem[] => look.worst.map((image) => itemOf(image, look))
