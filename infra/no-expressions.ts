/**
 * In the place of `re2js` in a function whose configuration has no expression: half of what the rules weigh. Nothing calls it; if
 * something did, it would have to be loud.
 */
export const RE2JS = {
  compile(): never {
    throw new Error('this function was built for a configuration without expressions')
  },
}
