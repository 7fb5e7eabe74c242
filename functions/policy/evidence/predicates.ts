/** Of a statement that says no more than what it is about: a signature. @see https://github.com/sigstore/cosign/blob/main/pkg/cosign/bundle/sign.go */
const SIGNATURE = 'https://sigstore.dev/cosign/sign/v1'

/** @see https://github.com/in-toto/attestation/tree/main/spec/predicates */
const SBOMS = ['https://spdx.dev/Document', 'https://cyclonedx.org/bom']

export const isSignature = (predicateType: string | undefined): boolean => predicateType === SIGNATURE

export const isSbom = (predicateType: string | undefined): boolean =>
  predicateType !== undefined && SBOMS.some((one) => predicateType === one || predicateType.startsWith(`${one}/`))
