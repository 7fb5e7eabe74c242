import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Attachment } from '../signing/manifests.ts'

/**
 * Where the envelopes and the public keys are that `node local/seed/sign.ts` has made once, with keys that are kept nowhere.
 * It makes all of them anew, with other keys: needed where an image of team-ledger has another digest.
 */
export const SIGNED = join(import.meta.dirname, 'signed')

/** What is attached to an image of the seed, as it is committed: public envelopes, and no key. */
export type SignedImage = {
  /** Name of the image in the tables of this folder. */
  readonly image: string
  /** Of the image when it was signed: signatures are of no use for another one. */
  readonly digest: string
  readonly attached: readonly Kept[]
}

export type Kept = {
  /** `team-ledger/api@signature-of-1.0.0` */
  readonly name: string
  /** ISO 8601 instant. */
  readonly pushed: string
  readonly mediaType: string
  readonly digest: string
  readonly tag?: string
  /** Text of the manifest. */
  readonly text: string
  readonly blobs: readonly string[]
}

/** With which ECR signs what is pushed to team-ledger/batch. */
export const BATCH_PROFILE = 'arn:aws:signer:ap-northeast-1:123456789012:/signing-profiles/ledger_batch'

/** The key of KMS with which team-ledger/vault is signed. */
export const VAULT_KEY = { id: '5e1f6c0a-2d3b-4c8e-9a47-b1c0d2e3f405', alias: 'alias/ledger-vault' } as const

/** The workflow that signs team-ledger/web, as its certificates name it. */
export const WEB = {
  source: 'https://github.com/acme/ledger-web',
  identity: 'https://github.com/acme/ledger-web/.github/workflows/release.yml@refs/heads/main',
  issuer: 'https://token.actions.githubusercontent.com',
} as const

/** File of a repository below `SIGNED`. */
export const fileOf = (repository: string): string => `${repository.replace('/', '-')}.json`

/** A public half, as `cosign.pub` has it. */
export const publicKey = (name: 'release' | 'vault'): string => readFileSync(join(SIGNED, `${name}.pub`), 'utf8')

/** As it is committed. Blobs of the signing kit are text, all of them. */
export const keptOf = (name: string, pushed: string, attachment: Attachment): Kept => ({
  ...{ name, pushed, mediaType: attachment.mediaType, digest: attachment.digest },
  ...(attachment.tag !== undefined && { tag: attachment.tag }),
  ...{ text: attachment.body, blobs: attachment.blobs.map(({ bytes }) => bytes.toString()) },
})
