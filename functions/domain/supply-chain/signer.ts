/** Who a certificate was issued to, as its subject alternative name says: an address or a workflow. */
export type Identity =
  | { readonly exact: string }
  /** As of repositories: `*` stays within one path segment, `**` crosses. Of the whole text. */
  | { readonly pattern: string }
  /** In the syntax of RE2, of the whole text, as the command line takes it from cosign. */
  | { readonly expression: string }

/** Somebody whose signature counts, as `signers` of `steward.yaml` names them. Plain JSON: it is built into the functions. */
export type Signer = { readonly name: string } & (
  | { readonly by: 'key' /** SPKI, as `cosign.pub` has it. */; readonly pem: string }
  | { readonly by: 'kms' /** ARN of a key of AWS KMS, whose public half is asked for. */; readonly key: string }
  | { readonly by: 'identity'; readonly identity: Identity /** URL of the OIDC issuer. */; readonly issuer: string }
  | {
      readonly by: 'signing-profile' /** ARN of a profile of AWS Signer, without its version. */
      readonly profile: string
    }
)

/** Name of a signer in `steward.yaml`. */
export const SIGNER = /^[a-z0-9][a-z0-9_-]{0,79}$/

export const SIGNER_NAME = 'a name of a signer: lower case, digits, - and _'

/** As whoever named it wrote it. */
export function identityText(identity: Identity): string {
  if ('exact' in identity) return identity.exact
  return 'pattern' in identity ? identity.pattern : identity.expression
}
