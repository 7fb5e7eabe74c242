/**
 * What is kept of a document while it is read; everything else is passed over. A value of another kind than its shape says is
 * passed over, too: so what is kept has the type that goes with its shape.
 */
export type Shape =
  | 'text'
  | {
      /** Of an object. */
      readonly fields?: Readonly<Record<string, Shape>>
      /** Of a list. */
      readonly each?: Shape
      /** Elements are handed over one by one as they come, and not kept: `package`. */
      readonly handedAs?: Handed
    }

export type Handed = 'package' | 'component' | 'relationship'

/** A list that is kept. */
export const listOf = (each: Shape): Shape => ({ each })

export const record = (fields: Readonly<Record<string, Shape>>): Shape => ({ fields })
