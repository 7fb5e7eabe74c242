import type { RegistryRef } from '../facts/registry-facts.ts'
import type { RepositoryRef } from '../facts/repository-facts.ts'
import { includesAction } from '../policy-document/actions.ts'
import { denies, withDenial } from '../policy-document/denial.ts'
import { trespassEvidence, trespassesInWords } from '../policy-document/in-words.ts'
import { type PolicyDocument, parsePolicy } from '../policy-document/parse.ts'
import { type Permits, trespasses } from '../policy-document/trespass.ts'
import { awsCommand } from '../rule/aws-command.ts'
import { fail, type Judgement, pass, unknown } from '../rule/judgement.ts'
import { accounts, flag } from '../rule/parameter.ts'
import { repositoryRule } from '../rule/rule.ts'

const DELETING = ['ecr:DeleteRepository', 'ecr:BatchDeleteImage']

/** What ends a repository, its images or their protection. */
const DESTRUCTIVE = [
  ...DELETING,
  'ecr:DeleteLifecyclePolicy',
  'ecr:DeleteRepositoryPolicy',
  'ecr:PutImageTagMutability',
  'ecr:PutLifecyclePolicy',
  'ecr:SetRepositoryPolicy',
]

/** The account itself, and who is allowed to. */
const mayOf =
  (others: readonly string[], { account: own }: RegistryRef): Permits =>
  (party) =>
    party.kind === 'account' && (party.account === own || others.includes(party.account))

const NO_POLICY: PolicyDocument = { statements: [], faults: [] }

function withoutDenial(
  policy: string | undefined,
  { repository, region }: RepositoryRef,
  actions: readonly string[],
): Judgement {
  const after = withDenial(policy, actions)
  const pretty = (text: string) => JSON.stringify(JSON.parse(text), null, 2)
  return fail(`The repository policy does not deny ${actions.join(' and ')}.`, {
    text: 'Deny deletion to everyone: who has to delete takes the statement out first. Lifecycle rules go on.',
    command: awsCommand('SetRepositoryPolicy', { repositoryName: repository, policyText: after }, region),
    cdk: `repository.addToResourcePolicy(new PolicyStatement({ effect: Effect.DENY, principals: [new AnyPrincipal()], actions: [${actions.map((action) => `'${action}'`).join(', ')}] }))`,
    change: { before: policy === undefined ? '' : pretty(policy), after: pretty(after) },
  })
}

export const deletionSafety = repositoryRule({
  id: 'deletion-safety',
  severity: 'HIGH',
  summary: 'Nobody outside the account may delete the repository or its images, or replace what protects them.',
  why: 'ECR asks for --force before it deletes a repository with images, and has no other protection: whoever may delete, may force. So the rule asks that the repository policy lets no outsider delete, or change the policies and the mutability that deletion and overwriting go by; and, where that is wanted, that it denies deletion even to the account itself.',
  see: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-delete.html',
  needs: ['policy'],
  parameters: {
    accounts: accounts({
      about: 'Accounts outside that may all the same, for example one that cleans up.',
      default: [],
      example: '["111222333444"]',
    }),
    explicitDeny: flag({
      about: 'Whether the policy has to deny deletion to everyone, or to everyone but some who are named.',
      default: false,
      example: 'true',
    }),
  },
  judge({ policy }, { accounts: others, explicitDeny: mustDeny }, { ref }) {
    const document = policy === undefined ? NO_POLICY : parsePolicy(policy)
    const actionsOf = ({ actions }: PolicyDocument['statements'][number]) =>
      DESTRUCTIVE.filter((action) => includesAction(actions, action))
    const found = trespasses(document, actionsOf, mayOf(others, ref))
    if (found.length > 0) {
      const text =
        'Take these actions out of the policy for outsiders: name the actions that they need instead of a wildcard.'
      return fail(
        trespassesInWords(found),
        { text, cdk: 'repository.grantPull(…) or grantPullPush(…)' },
        trespassEvidence(found),
      )
    }
    if (document.faults.length > 0)
      return unknown(`The repository policy is not understood: ${document.faults.join('; ')}.`)
    const missing = mustDeny ? DELETING.filter((action) => !denies(document, action)) : []
    if (missing.length > 0) return withoutDenial(policy, ref, missing)
    return pass('Nobody outside the account may delete.')
  },
})
