import { quoted, type Refusal, wordRefusal } from './refusal.ts'

export type EncryptionWanted = {
  /** `KMS` by default: with `kmsKey`, or with the key `aws/ecr` of the account, which AWS keeps and nobody pays for. It can never be changed. */
  readonly encryption?: 'AES256' | 'KMS' | 'KMS_DSSE'
  /** ARN of a key of KMS in the same region. */
  readonly kmsKey?: string
}

/** By ARN, id or alias. @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_EncryptionConfiguration.html */
const KEY =
  /^(?:arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(?:key\/[\w-]+|alias\/[\w/-]+)|alias\/[\w/-]+|[0-9a-f-]{36}|mrk-[0-9a-f]{32})$/

/** What ECR would refuse of it. @param isKnown false where the key is known only at deployment */
export function encryptionRefusals(
  { encryption = 'KMS', kmsKey }: EncryptionWanted,
  isKnown: (text: string) => boolean,
): readonly Refusal[] {
  const word = wordRefusal('encryption', encryption, ['KMS', 'KMS_DSSE', 'AES256'])
  if (word) return [word]
  if (kmsKey === undefined) return []
  if (encryption === 'AES256')
    return [
      { prop: 'kmsKey', why: 'encryption is AES256, which has no key of KMS', write: 'encryption KMS, or no key' },
    ]
  if (!isKnown(kmsKey) || KEY.test(kmsKey)) return []
  return [{ prop: 'kmsKey', why: `${quoted(kmsKey)} is no key of KMS`, write: 'its ARN' }]
}

/** As the API has it. */
export const encryptionOf = ({ encryption = 'KMS', kmsKey }: EncryptionWanted) => ({
  encryptionType: encryption,
  ...(kmsKey !== undefined && { kmsKey }),
})
