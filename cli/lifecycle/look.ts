import { roughBytes } from '../../functions/domain/bytes.ts'
import { counted } from '../../functions/domain/counted.ts'
import { shortDigest } from '../../functions/domain/image.ts'
import type { Paint } from '../terminal.ts'
import type { Action } from './sums.ts'

/** How a text looks on a terminal. */
export type Look = { readonly paint: Paint; readonly width: number }

export const COLOURS = { keep: 'green', expire: 'red', archive: 'yellow' } as const

export const imagesText = (count: number): string => counted(count, 'image')

export const dollarsText = (dollars: number): string => `$${dollars.toFixed(2)}`

const VERBS: Readonly<Record<Action, readonly [one: string, several: string]>> = {
  keep: ['stays', 'stay'],
  expire: ['expires', 'expire'],
  archive: ['goes to the archive', 'go to the archive'],
}

/** `1 image expires`, `12 images stay`. */
export const doneText = (count: number, action: Action): string =>
  `${imagesText(count)} ${VERBS[action][count === 1 ? 0 : 1]}`

/** `3.4 GB, $0.34 a month`. */
export const amountText = (bytes: number, dollars: number): string =>
  `${roughBytes(bytes)}, ${dollarsText(dollars)} a month`

export const dayText = (at: number): string => new Date(at).toISOString().slice(0, 'yyyy-mm-dd'.length)

/** An image as people know it: its tags, or the beginning of its digest. */
export const nameText = (digest: string, tags: readonly string[]): string =>
  tags.length > 0 ? tags.join(', ') : shortDigest(digest)
