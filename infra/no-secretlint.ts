/**
 * In the place of secretlint's rules in a function that no rule has look for secrets. Values whose name or form gives them away are left
 * out all the same.
 */
export const rules: readonly never[] = []
