import type { ImageRef } from '../image.ts'
import { privateRepository, untagged } from '../image-name.ts'
import { matches } from '../pattern.ts'
import { pullReference } from '../registry.ts'
import { shellWord } from '../rule/aws-command.ts'
import { attachedWithin, unlessYoung } from '../rule/grace.ts'
import type { Fix } from '../rule/judgement.ts'
import { choice, count, globs, pairs, texts, type Values } from '../rule/parameter.ts'
import { worstOf } from '../rule/platforms.ts'
import { imageRule } from '../rule/rule.ts'
import type { Signature } from '../supply-chain/attached.ts'
import { judgeProofs } from '../supply-chain/proof.ts'
import { SIGNER, SIGNER_NAME } from '../supply-chain/signer.ts'

const PARAMETERS = {
  signedBy: texts(SIGNER, SIGNER_NAME, {
    about: 'Names of `signers`: a signature of one of them is enough.',
    example: '[ci, release]',
  }),
  needed: count({
    about: 'How many of them must have signed, each with a key or an identity of their own.',
    default: 1,
    least: 1,
    most: 10,
    example: '2',
  }),
  manifests: choice(['index', 'each'], {
    about:
      'What has to be signed: `index`, the digest that is pulled, as cosign signs it; `each`, also every platform of an index, as `cosign sign --recursive` does.',
    default: 'index',
    example: 'each',
  }),
  annotations: pairs({
    about: 'What the signer must have written beside the digest, as `cosign sign -a` does.',
    default: {},
    example: '{ env: prod }',
  }),
  references: globs({
    about:
      'Names that a signature may be for, with their registry, where it names one. Otherwise the name of the repository, in any registry of ECR: a signature that was copied from another repository proves nothing here.',
    default: [],
    example: '["ghcr.io/acme/web"]',
  }),
  graceMinutes: attachedWithin,
}

type Asked = Values<typeof PARAMETERS>

const isFor = (reference: string, repository: string, patterns: readonly string[]): boolean => {
  const name = untagged(reference)
  if (name === undefined) return false
  return patterns.length === 0 ? privateRepository(name) === repository : patterns.some((one) => matches(one, name))
}

/** Why a signature does not count, whoever made it. */
function objectionTo(
  { reference, annotations }: Signature,
  asked: Asked,
  { repository }: ImageRef,
): string | undefined {
  if (reference !== undefined && !isFor(reference, repository, asked.references)) return `for ${reference}`
  const missing = Object.entries(asked.annotations).find(
    ([name, value]) => !Object.hasOwn(annotations, name) || annotations[name] !== value,
  )
  return missing && `without the annotation ${missing.join('=')}`
}

function fixOf(ref: ImageRef, { manifests, annotations }: Asked): Fix {
  const options = [
    ...(manifests === 'each' ? ['--recursive'] : []),
    ...Object.entries(annotations).map(([name, value]) => `-a ${shellWord(`${name}=${value}`)}`),
  ]
  return {
    text: 'Have whoever is named sign the digest: with --key and a file, or awskms:///ARN, where it is a key; without it where it is an identity.',
    command: ['cosign sign', ...options, pullReference(ref)].join(' '),
  }
}

export const signature = imageRule({
  id: 'signature',
  severity: 'HIGH',
  summary: 'An image is signed by those who may sign it.',
  why: 'Whoever may push can put anything under a name. A signature that is verified says who made just this digest; one that is only there says nothing.',
  see: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-signing.html',
  needs: ['evidence', 'detail'],
  parameters: PARAMETERS,
  judge({ evidence, detail }, asked, { ref, now }) {
    const manifests = asked.manifests === 'each' ? evidence.manifests : evidence.manifests.slice(0, 1)
    const judgement = worstOf(manifests, ({ signatures, unread }) =>
      judgeProofs<Signature>(
        { all: signatures, unread, noun: 'signature', fix: fixOf(ref, asked) },
        { ...asked, objection: (one) => objectionTo(one, asked, ref) },
      ),
    )
    return unlessYoung(judgement, { detail, graceMinutes: asked.graceMinutes, now })
  },
})
