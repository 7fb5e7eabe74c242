import * as v from 'valibot'
import { SIGNER, SIGNER_NAME } from '../../functions/domain/supply-chain/signer.ts'
import { show } from '../fault.ts'
import { expected, MOST, mapping, text } from './words.ts'

/** A file in the repository: neither what it holds, nor a URL. */
const PATH = /^(?!\s*[-{]|[a-z0-9+.-]+:\/\/)[^\p{Cc}]{1,1024}$/u

export const isPath = (value: unknown): value is string => typeof value === 'string' && PATH.test(value)

/** Any text that a certificate may have as a name, in one line. */
const IDENTITY = /^[^\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,500}$/u

/** @see https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id-key-ARN */
const KMS_KEY =
  /^arn:aws[a-z-]{0,20}:kms:[a-z]{2}(?:-[a-z0-9]{1,12}){2,4}:\d{12}:key\/(?:mrk-)?[0-9A-Za-z][0-9A-Za-z-]{0,63}$/

const isAlias = (input: unknown): input is string => typeof input === 'string' && /(?:^|:)alias\//.test(input)

const KMS =
  'the ARN of a KMS key, such as arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'

const noKey = ({ input }: { readonly input: unknown }): string => {
  if (!isAlias(input)) return expected(KMS)({ input })
  const alias = `found ${show(input)}, expected the ARN of the key behind it: the right to read a key names the key. `
  return `${alias}Ask for it with: aws kms describe-key --key-id ${input.slice(input.lastIndexOf('alias/'))} --query KeyMetadata.Arn`
}

const Kms = v.pipe(v.string(noKey), v.regex(KMS_KEY, noKey))

/** Without the version, which each signature may have another of. @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssigner.html */
const PROFILE = /^arn:aws[a-z-]{0,20}:signer:[a-z]{2}(?:-[a-z0-9]{1,12}){2,4}:\d{12}:\/signing-profiles\/\w{2,64}$/

const PROFILE_WORDS =
  'the ARN of a signing profile without its version, such as arn:aws:signer:eu-central-1:111122223333:/signing-profiles/ci'

const SignerSchema = v.pipe(
  mapping({
    key: v.optional(
      v.pipe(
        text('the path of a PEM file with a public key, such as keys/ci.pub', PATH),
        v.description(
          'Path of a public key in PEM, seen from this file: cosign.pub, or what openssl pkey -pubout writes.',
        ),
        v.examples(['keys/ci.pub']),
      ),
    ),
    kms: v.optional(
      v.pipe(
        Kms,
        v.description('ARN of a key of AWS KMS, whose public half is asked for where it is needed.'),
        v.examples(['arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab']),
      ),
    ),
    identity: v.optional(
      v.pipe(
        text('the name in the certificate, such as a workflow or an address, in quotes', IDENTITY),
        v.description('Keyless: the name in the certificate, exactly. With issuer.'),
        v.examples(['https://github.com/acme/web/.github/workflows/release.yml@refs/heads/main']),
      ),
    ),
    'identity-pattern': v.optional(
      v.pipe(
        text(
          'a pattern for the name in the certificate, in quotes: * stays within one path segment, ** crosses',
          IDENTITY,
        ),
        v.description(
          'Keyless: a pattern for the whole name in the certificate: * stays within one path segment, ** crosses. With issuer.',
        ),
        v.examples(['https://github.com/acme/*/.github/workflows/release.yml@refs/tags/v*']),
      ),
    ),
    issuer: v.optional(
      v.pipe(
        text(
          'the URL of an OIDC issuer, such as https://token.actions.githubusercontent.com',
          /^https:\/\/[\x21-\x7e]{1,300}$/,
        ),
        v.description('Keyless: who vouched for the identity, as the certificate says it.'),
        v.examples(['https://token.actions.githubusercontent.com']),
      ),
    ),
    'signing-profile': v.optional(
      v.pipe(
        text(PROFILE_WORDS, PROFILE),
        v.description('ARN of a profile of AWS Signer, by which ECR signs what is pushed.'),
        v.examples(['arn:aws:signer:eu-central-1:111122223333:/signing-profiles/ci']),
      ),
    ),
  }),
  v.description('One of key, kms, identity with issuer, identity-pattern with issuer, and signing-profile.'),
)

export type SignerSection = v.InferOutput<typeof SignerSchema>

export const SignersSchema = v.pipe(
  v.record(text(SIGNER_NAME, SIGNER), SignerSchema, expected('a mapping of names, such as ci: { key: keys/ci.pub }')),
  v.minEntries(1, expected('at least one signer; leave the key out where there is none')),
  v.maxEntries(MOST, `found more than ${MOST} signers, expected fewer`),
  v.description('Whose signatures count, by a name of yours that rules name under signed-by.'),
)

export const TrustedRootSchema = v.pipe(
  text('the path of a JSON file with a trusted root of Sigstore, such as trusted_root.json', PATH),
  v.description(
    'Path of a trusted root of Sigstore, seen from this file: whose certificates, logs and timestamps are believed. Otherwise the one that comes with the package.',
  ),
  v.examples(['trusted_root.json']),
)
