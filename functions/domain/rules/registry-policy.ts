import { writtenActions } from '../policy-document/actions.ts'
import { ALLOWED, permitsOf, REPLICATION_ACCOUNTS } from '../policy-document/allowed.ts'
import { trespassEvidence, trespassesInWords } from '../policy-document/in-words.ts'
import { parsePolicy } from '../policy-document/parse.ts'
import { trespasses } from '../policy-document/trespass.ts'
import { fail, pass, unknown } from '../rule/judgement.ts'
import { registryRule } from '../rule/rule.ts'

export const registryPolicy = registryRule({
  id: 'registry-policy',
  severity: 'HIGH',
  summary: 'Nobody outside the account may use the registry but those who are allowed to pull or to replicate.',
  why: 'A registry policy holds for every repository, also for those to come. It is read as that of a repository: what is not understood is taken as open. The resources that it names are not counted.',
  see: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html',
  needs: ['policy'],
  parameters: { ...ALLOWED, ...REPLICATION_ACCOUNTS },
  judge({ policy }, allowed, { ref }) {
    if (policy === undefined) return pass('There is no registry policy: permissions of the account alone count.')
    const document = parsePolicy(policy)
    const found = trespasses(document, ({ actions }) => writtenActions(actions), permitsOf(allowed, ref))
    if (found.length > 0) {
      const fix = {
        text: 'Take out of the policy what they need not do, name an organisation in a condition on aws:PrincipalOrgID, or allow them in steward.yaml.',
        cdk: 'CfnRegistryPolicy: policyText',
      }
      return fail(trespassesInWords(found), fix, trespassEvidence(found))
    }
    if (document.faults.length > 0)
      return unknown(`The registry policy is not understood: ${document.faults.join('; ')}.`)
    return pass('Nobody may do more than is allowed.', [
      { name: 'Statements', value: String(document.statements.length) },
    ])
  },
})
