/**
 * In the place of what reads SBOMs in a function that verifies signatures and is asked for no SBOM. Nothing calls it; if something
 * did, it would have to be loud.
 */
const refuse = (): never => {
  throw new Error('this function was built for a configuration that asks for no SBOM')
}

export const TokenType = {}
export class Tokenizer {
  readonly write = refuse
}
export const PackageURL = { fromString: refuse }
// biome-ignore lint/style/noDefaultExport: as the package that it stands for has it
export default refuse
