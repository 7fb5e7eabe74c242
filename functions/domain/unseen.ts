/** Runs of control, bidirectional and zero-width characters: they move the cursor, or make a line read as what it is not. */
export const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu
