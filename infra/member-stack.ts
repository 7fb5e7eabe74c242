import {
  Aws,
  BootstraplessSynthesizer,
  CfnCondition,
  CfnParameter,
  Fn,
  type ICfnConditionExpression,
  type ICfnRuleConditionExpression,
  Stack,
  Validations,
} from 'aws-cdk-lib'
import { CfnPullTimeUpdateExclusion } from 'aws-cdk-lib/aws-ecr'
import { CfnRole, CfnRolePolicy } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { ENFORCE_ROLE, QUARANTINE_WRITES, READS_OF_EVIDENCE, READS_OF_INSPECTOR } from '../functions/contract.ts'
import { RULES } from '../functions/domain/rulebook.ts'
import { IN_USE_ACTIONS, READ_ROLE } from '../functions/in-use/contract.ts'
import { READS, READS_OF_REGISTRY, SBOM_EXPORT_ACTIONS } from '../functions/sweep/contract.ts'
import { forwardEvents } from './forwarded-events.ts'
import { acknowledge } from './nag.ts'

const ACTIONS = [
  ...new Set([
    ...[...READS, ...READS_OF_EVIDENCE, ...READS_OF_REGISTRY].map((operation) => `ecr:${operation}`),
    ...READS_OF_INSPECTOR.map((operation) => `inspector2:${operation}`),
    ...Object.values(IN_USE_ACTIONS).flat(),
  ]),
]

/** What puts rules right. What takes it back is for people, as at home. */
const WRITES = RULES.flatMap(({ writes }) => writes.map((operation) => `ecr:${operation}`))

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html */
const REGION = '[a-z]{2}(-[a-z]+)+-\\d{1,2}'

/** Who may take the role: whoever in the hub account is allowed to, and meets what the parameters ask for. */
const trust = (hub: string, condition: unknown) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: hub }, Action: 'sts:AssumeRole', Condition: condition }],
})

const allow = (name: string, actions: readonly string[], resource: string) => ({
  policyName: name,
  policyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: resource }] },
})

const EVERY_REPOSITORY = `arn:${Aws.PARTITION}:ecr:*:${Aws.ACCOUNT_ID}:repository/*`

/** A role that the hub takes. */
type HubRole = {
  readonly name: string
  readonly description: string
  readonly policy: ReturnType<typeof allow>
  readonly condition: CfnCondition
}

/**
 * What another account has for the steward of the hub account: a role that reads, rules that forward what scans find, and where
 * its owner asks for it a role that puts settings right. One template for all accounts and regions, without assets, as StackSets take it.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/what-is-cfnstacksets.html
 */
export class MemberStack extends Stack {
  private readonly hubAccount: CfnParameter
  private readonly hubRegion: CfnParameter
  private readonly roleRegion: CfnParameter
  private readonly externalId: CfnParameter
  private readonly organisation: CfnParameter
  private readonly terms: unknown

  constructor(scope: Construct, id: string) {
    super(scope, id, {
      description: 'ecr-steward, member: lets the steward of another account read this one',
      synthesizer: new BootstraplessSynthesizer(),
    })
    this.hubAccount = this.parameter('HubAccount', 'Account of the stack of ecr-steward', '\\d{12}')
    this.hubRegion = this.parameter('HubRegion', 'Region of the stack of ecr-steward', REGION)
    this.roleRegion = this.parameter('RoleRegion', 'The one of the regions in which roles are made', REGION)
    const terms = 'What whoever takes the role has to say: members.external-id of steward.yaml; empty for nothing'
    this.externalId = this.parameter('ExternalId', terms, '|[A-Za-z0-9+=,.@:/_-]{2,1224}', '')
    const belongs = 'Organisation that whoever takes the role has to belong to, such as o-a1b2c3d4e5; empty for any'
    this.organisation = this.parameter('OrganisationId', belongs, '|o-[a-z0-9]{10,32}', '')
    const isElsewhere = Fn.conditionNot(Fn.conditionEquals(this.hubAccount, Aws.ACCOUNT_ID))
    this.terms = this.termsOfTrust()
    const isMember = new CfnCondition(this, 'IsMember', { expression: isElsewhere })
    this.addReadRole(isMember)
    this.addEnforceRole(isMember)
    const isNotHub = new CfnCondition(this, 'IsNotHub', { expression: this.isNotHub(isElsewhere) })
    const [region, account] = [this.hubRegion.valueAsString, this.hubAccount.valueAsString]
    forwardEvents(this, `arn:${Aws.PARTITION}:events:${region}:${account}:event-bus/default`, isNotHub)
  }

  /** In the hub's own region the events are on its bus already: forwarded there, they would go round for ever. */
  private isNotHub(isElsewhere: ICfnRuleConditionExpression): ICfnRuleConditionExpression {
    return Fn.conditionOr(isElsewhere, Fn.conditionNot(Fn.conditionEquals(this.hubRegion, Aws.REGION)))
  }

  private parameter(name: string, description: string, allowedPattern: string, usual?: string): CfnParameter {
    return new CfnParameter(this, name, { description, allowedPattern, default: usual })
  }

  private given(parameter: CfnParameter): CfnCondition {
    return new CfnCondition(this, `Has${parameter.node.id}`, {
      expression: Fn.conditionNot(Fn.conditionEquals(parameter, '')),
    })
  }

  /** Condition of the trust: what a parameter that is empty would say is left out. */
  private termsOfTrust() {
    const parts = [
      ['sts:ExternalId', this.externalId],
      ['aws:PrincipalOrgID', this.organisation],
    ] as const
    const conditions = parts.map(([key, parameter]) => ({ key, parameter, given: this.given(parameter) }))
    const some = new CfnCondition(this, 'HasTerms', {
      expression: Fn.conditionOr(...conditions.map(({ given }) => given)),
    })
    const StringEquals = Object.fromEntries(
      conditions.map(({ key, parameter, given }) => [
        key,
        Fn.conditionIf(given.logicalId, parameter.valueAsString, Aws.NO_VALUE),
      ]),
    )
    return Fn.conditionIf(some.logicalId, { StringEquals }, Aws.NO_VALUE)
  }

  /** Roles are global: they are made in one region, and there are none where the hub works with its own. */
  private get isRoleRegion(): ICfnRuleConditionExpression {
    return Fn.conditionEquals(this.roleRegion, Aws.REGION)
  }

  private hubRole(id: string, { name, description, policy, condition }: HubRole): CfnRole {
    const role = new CfnRole(this, id, {
      roleName: name,
      description,
      assumeRolePolicyDocument: trust(`arn:${Aws.PARTITION}:iam::${this.hubAccount.valueAsString}:root`, this.terms),
      policies: [policy],
    })
    role.cfnOptions.condition = condition
    Validations.of(role).acknowledge({
      id: 'CloudFormation-Validate::W1028',
      reason:
        'Whether there are terms is for the parameters to say; the check takes their defaults for all that they can be.',
    })
    return role
  }

  private addReadRole(isMember: CfnCondition): void {
    const role = this.hubRole('ReadRole', {
      name: READ_ROLE,
      description: 'Read by the sweep and the clean-up of ecr-steward; it changes nothing',
      policy: allow('read', [...new Set(ACTIONS)].toSorted(), '*'),
      condition: new CfnCondition(this, 'MakesRole', { expression: Fn.conditionAnd(isMember, this.isRoleRegion) }),
    })
    acknowledge(role, 'IAM5[Resource::*]', 'Reads of whatever is in the account: most of them know no resource.')
    const exclusion = new CfnPullTimeUpdateExclusion(this, 'ReadsAreNoPulls', {
      principalArn: `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/${READ_ROLE}`,
    })
    exclusion.cfnOptions.condition = isMember
    exclusion.addResourceDependency(role)
    this.allowSbomExports(role, isMember)
  }

  /** What its owner says yes to; otherwise it is not there. */
  private isAsked(name: string, description: string): ICfnRuleConditionExpression {
    const asked = new CfnParameter(this, name, { description, allowedValues: ['yes', 'no'], default: 'no' })
    return Fn.conditionEquals(asked, 'yes')
  }

  /** What a role may do beside that, under a condition of its own. */
  private allowAlso(
    role: CfnRole,
    name: string,
    grant: ReturnType<typeof allow>,
    condition: CfnCondition,
  ): CfnRolePolicy {
    const policy = new CfnRolePolicy(this, `${role.node.id}${name}`, { ...grant, roleName: role.ref })
    policy.cfnOptions.condition = condition
    return policy
  }

  /** What Inspector exports leaves the account. */
  private allowSbomExports(role: CfnRole, isMember: CfnCondition): void {
    const isAsked = this.isAsked(
      'SbomExports',
      'Whether the sweep may have Inspector export SBOMs of images to the bucket of the hub',
    )
    const expression = Fn.conditionAnd(isMember, this.isRoleRegion, isAsked)
    const condition = new CfnCondition(this, 'MakesSbomExports', { expression })
    const policy = this.allowAlso(role, 'SbomExports', allow('sbom-exports', SBOM_EXPORT_ACTIONS, '*'), condition)
    acknowledge(policy, 'IAM5[Resource::*]', 'IAM knows no resource for exports of SBOMs.')
  }

  /** Only where the owner of the account asks for it. Which rules of which repositories are put right, the hub says. */
  private addEnforceRole(isMember: CfnCondition): void {
    const isAsked = this.isAsked(
      'Enforce',
      'Whether the steward may put right what rules in enforce ask for: makes a role that changes settings',
    )
    const isMade = [isMember, this.isRoleRegion, isAsked]
    const role = this.hubRole('EnforceRole', {
      name: ENFORCE_ROLE,
      description:
        'Taken by push-check and watch of ecr-steward to put settings of repositories right, and tags of images where asked for',
      policy: allow('enforce', WRITES.toSorted(), EVERY_REPOSITORY),
      condition: new CfnCondition(this, 'MakesEnforceRole', { expression: Fn.conditionAnd(...isMade) }),
    })
    acknowledge(
      role,
      'IAM5[Resource::arn:<AWS::Partition>:ecr:*:<AWS::AccountId>:repository/*]',
      'One role for all regions of the account; steward.yaml of the hub says on which repositories a rule is put right.',
    )
    this.allowQuarantine(role, isMade)
  }

  /** Only where the owner of the account asks for that too: it removes tags of images. */
  private allowQuarantine(role: CfnRole, isMade: readonly ICfnConditionExpression[]): void {
    const isAsked = this.isAsked(
      'Quarantine',
      'Whether that role may also move tags of images that rules with quarantine: true ask for',
    )
    const actions = QUARANTINE_WRITES.map((operation) => `ecr:${operation}`).toSorted()
    const condition = new CfnCondition(this, 'MakesQuarantine', { expression: Fn.conditionAnd(...isMade, isAsked) })
    const policy = this.allowAlso(role, 'Quarantine', allow('quarantine', actions, EVERY_REPOSITORY), condition)
    acknowledge(
      policy,
      'IAM5[Resource::arn:<AWS::Partition>:ecr:*:<AWS::AccountId>:repository/*]',
      'One role for all regions of the account; steward.yaml of the hub says which rules bring images into quarantine, and where.',
    )
  }
}
