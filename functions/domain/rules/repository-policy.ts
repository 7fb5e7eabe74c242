import type { RepositoryRef } from '../facts/repository-facts.ts'
import { writtenActions } from '../policy-document/actions.ts'
import { ALLOWED, permitsOf } from '../policy-document/allowed.ts'
import { trespassEvidence, trespassesInWords } from '../policy-document/in-words.ts'
import { parsePolicy } from '../policy-document/parse.ts'
import { isPublic, type Trespass, trespasses } from '../policy-document/trespass.ts'
import { type Rest, withoutPublic } from '../policy-document/without-public.ts'
import { awsCommand } from '../rule/aws-command.ts'
import { type Fix, fail, pass, unknown } from '../rule/judgement.ts'
import type { Values } from '../rule/parameter.ts'
import type { EcrWrite } from '../rule/remedy.ts'
import { repositoryRule } from '../rule/rule.ts'

const set = (repositoryName: string, rest: Rest): EcrWrite =>
  rest === 'nothing'
    ? { operation: 'DeleteRepositoryPolicy', input: { repositoryName } }
    : { operation: 'SetRepositoryPolicy', input: { repositoryName, policyText: rest.text } }

const pretty = (rest: Rest): string => (rest === 'nothing' ? '' : JSON.stringify(JSON.parse(rest.text), null, 2))

const find = (policy: string, allowed: Values<typeof ALLOWED>, ref: RepositoryRef): readonly Trespass[] =>
  trespasses(parsePolicy(policy), ({ actions }) => writtenActions(actions), permitsOf(allowed, ref))

function fixOf(policy: string, found: readonly Trespass[], ref: RepositoryRef): Fix {
  const cdk = 'repository.grantPull(new AccountPrincipal(…)) or grantPull(new OrganizationPrincipal(…))'
  const rest = withoutPublic(policy, found)
  if (!rest) {
    const text = found.some(isPublic)
      ? 'Name who may pull: by account, or by a condition on aws:PrincipalOrgID.'
      : 'Take out of the policy what they need not do, or allow them in steward.yaml.'
    return { text, cdk }
  }
  const { operation, input } = set(ref.repository, rest)
  return {
    text: 'Take out of the policy what lets everyone in; who needs the images is named by account or organisation.',
    command: awsCommand(operation, input, ref.region),
    cdk,
    change: { before: pretty({ text: policy }), after: pretty(rest) },
  }
}

export const repositoryPolicy = repositoryRule({
  id: 'repository-policy',
  severity: 'HIGH',
  summary: 'Nobody outside the account may use the repository but those who are allowed to, and they may pull.',
  why: 'A policy that names everyone lets every AWS account pull; one that lets outsiders push lets them decide what runs. Conditions count where they say for certain who is confined, and a Deny only where it leaves out parties that are known: what is not understood is taken as open.',
  see: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html',
  needs: ['policy'],
  writes: ['SetRepositoryPolicy', 'DeleteRepositoryPolicy'],
  parameters: ALLOWED,
  judge({ policy }, allowed, { ref }) {
    if (policy === undefined) return pass('There is no repository policy: permissions of the account alone count.')
    const found = find(policy, allowed, ref)
    if (found.length > 0) return fail(trespassesInWords(found), fixOf(policy, found, ref), trespassEvidence(found))
    const { statements, faults } = parsePolicy(policy)
    if (faults.length > 0) return unknown(`The repository policy is not understood: ${faults.join('; ')}.`)
    return pass('Nobody may do more than is allowed.', [{ name: 'Statements', value: String(statements.length) }])
  },
  remedy({ policy = '' }, allowed, { ref }) {
    const rest = withoutPublic(policy, find(policy, allowed, ref))
    if (!rest) return undefined
    return {
      what: 'Take out of the repository policy what lets everyone in',
      write: set(ref.repository, rest),
      undo: set(ref.repository, { text: policy }),
    }
  },
})
