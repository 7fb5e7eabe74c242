import { archivingSaves, standardCost } from '../../functions/domain/cost.ts'
import type { Verdicts } from '../../functions/domain/lifecycle/evaluation.ts'

export type Action = 'keep' | 'expire' | 'archive'

/** `dollarsPerMonth`: what is saved by the action, and for what stays, what it costs. */
export type Sum = { readonly images: number; readonly bytes: number; readonly dollarsPerMonth: number }

export type Sums = Readonly<Record<Action, Sum>>

export const sumOf = (action: Action, images: number, bytes: number): Sum => ({
  ...{ images, bytes },
  dollarsPerMonth: action === 'archive' ? archivingSaves(bytes) : standardCost(bytes),
})

/** What is kept, expired and archived of the images. Layers that images share are in the bytes of each. */
export function sumsOf(verdicts: Verdicts): Sums {
  const [images, bytes] = [
    { keep: 0, expire: 0, archive: 0 },
    { keep: 0, expire: 0, archive: 0 },
  ]
  for (let row = 0; row < verdicts.size; row++) {
    const action = verdicts.actionOf(row)
    images[action] += 1
    bytes[action] += verdicts.sizeOf(row)
  }
  const of = (action: Action): Sum => sumOf(action, images[action], bytes[action])
  return { keep: of('keep'), expire: of('expire'), archive: of('archive') }
}
