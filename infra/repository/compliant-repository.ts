import { CfnOutput, RemovalPolicy, Stack, Tags, Token, TokenComparison } from 'aws-cdk-lib'
import { type CfnRepository, Repository } from 'aws-cdk-lib/aws-ecr'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { type IKey, Key } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import { accessRefusal, accessStatements } from '../../functions/domain/new-repository/access.ts'
import { type Access, judgeRepository, newRepository } from '../../functions/domain/new-repository/new-repository.ts'
import { acknowledge } from '../nag.ts'
import { refuse } from '../refuse.ts'
import type { CompliantRepositoryProps } from './props.ts'
import { ScanAlerts } from './scan-alerts.ts'
import { EXPORTS, isKnown, nameForCdk, ofProp, propsRefusal, repositoryWanted, tagsOf, warnOf } from './wanted.ts'

export type { CompliantRepositoryProps, LifecyclePolicy } from './props.ts'

/**
 * A repository that the shipped rules pass from its first minute: scanned on push, with immutable tags, encrypted with a key of KMS, with an
 * owner, and with a lifecycle policy. It is a `Repository` of aws-cdk-lib, and is taken wherever one is.
 * @see docs/compliant-repository.md
 * @throws {Error} for what ECR would refuse, and for a lifecycle policy that is certainly wrong
 */
export class CompliantRepository extends Repository {
  /** The key that was given or made; undefined where AWS keeps it. */
  readonly encryptionKey: IKey | undefined
  /** With the topic that is told; undefined without the property `alerts`. */
  readonly alerts: ScanAlerts | undefined
  private readonly accesses: Access[] = []
  private readonly statements = new Map<string, PolicyStatement>()

  constructor(scope: Construct, id: string, props: CompliantRepositoryProps) {
    const { removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE } = props
    super(scope, id, { repositoryName: nameForCdk(props.repositoryName), removalPolicy })
    this.encryptionKey = this.keyOf(props, removalPolicy)
    this.make(props)
    this.alerts = props.alerts && new ScanAlerts(this, 'Alerts', props.alerts)
    for (const [key, value] of Object.entries(tagsOf(props))) Tags.of(this).add(key, value)
    this.tell(props)
  }

  /** Lets every principal of an account pull that its own policies let. @param account twelve digits */
  grantPullFromAccount(account: string): this {
    return this.allow('grantPullFromAccount', { may: 'pull', account })
  }

  /** Lets a role of another account pull. @param role its ARN */
  grantPullFromRole(role: string): this {
    return this.allow('grantPullFromRole', { may: 'pull', role })
  }

  /** Lets every account of an organisation pull. @param organisation its id: `o-a1b2c3d4e5` */
  grantPullFromOrganization(organisation: string): this {
    acknowledge(this, 'ECR1', 'It is open to nobody but the accounts of the organisation: aws:PrincipalOrgID says so.')
    return this.allow('grantPullFromOrganization', { may: 'pull', organisation })
  }

  /** Lets a role of CI push, and pull. @param role its ARN */
  grantPushFromCi(role: string): this {
    return this.allow('grantPushFromCi', { may: 'push', role })
  }

  /** @throws {Error} always: a rule that is added would be judged by nobody, and ECR knows one policy for a repository */
  override addLifecycleRule(): never {
    return refuse(this, {
      prop: 'addLifecycleRule',
      why: 'the policy is judged as a whole, and is not added to',
      write: 'all rules as lifecycle: { rules: [{ rulePriority: 1, … }] }',
    })
  }

  private keyOf(
    { encryptionKey, repositoryName }: CompliantRepositoryProps,
    removalPolicy: RemovalPolicy,
  ): IKey | undefined {
    if (encryptionKey === 'new')
      return new Key(this, 'Key', {
        description: `Images of the repository ${repositoryName}`,
        enableKeyRotation: true,
        removalPolicy,
      })
    const here = Stack.of(this).region
    if (encryptionKey && Token.compareStrings(encryptionKey.env.region, here) === TokenComparison.DIFFERENT)
      refuse(this, {
        prop: 'encryptionKey',
        why: `it is in ${encryptionKey.env.region}, and the repository in ${here}`,
        write: `a key of ${here}, or its replica there`,
      })
    return encryptionKey
  }

  /** All that the domain decides is set on the resource, so that what CDK has no words for yet is there, too. */
  private make(props: CompliantRepositoryProps): void {
    const wanted = repositoryWanted(props, Stack.of(this), this.encryptionKey?.keyArn)
    const { refusals, warnings } = judgeRepository(wanted, { isKnown })
    const [refusal = propsRefusal(props)] = refusals.map((one) => ofProp(one, props))
    if (refusal) refuse(this, refusal)
    warnOf(this, warnings)
    const { create, lifecyclePolicyText } = newRepository(wanted)
    const resource = this.node.defaultChild as CfnRepository
    resource.imageScanningConfiguration = create.imageScanningConfiguration
    resource.imageTagMutability = create.imageTagMutability
    resource.imageTagMutabilityExclusionFilters = create.imageTagMutabilityExclusionFilters?.map((one) => ({
      imageTagMutabilityExclusionFilterType: one.filterType,
      imageTagMutabilityExclusionFilterValue: one.filter,
    }))
    resource.encryptionConfiguration = create.encryptionConfiguration
    resource.lifecyclePolicy = lifecyclePolicyText === undefined ? undefined : { lifecyclePolicyText }
  }

  private tell({ exportAs }: CompliantRepositoryProps): void {
    const output = (id: string, value: string, description: string, name: string) =>
      new CfnOutput(this, id, {
        ...{ value, description },
        ...(exportAs !== undefined && { exportName: `${exportAs}-${name}` }),
      })
    const { attrRepositoryUri, attrArn } = this.node.defaultChild as CfnRepository
    output('RepositoryUri', attrRepositoryUri, 'What docker push and docker pull take, without a tag', EXPORTS.uri)
    output('RepositoryArn', attrArn, 'What policies name', EXPORTS.arn)
  }

  /** One statement for each kind of access, whenever it is granted; CDK's own grants stand beside them. */
  private allow(prop: string, access: Access): this {
    const refusal = accessRefusal(access, isKnown)
    if (refusal) refuse(this, { ...refusal, prop })
    this.accesses.push(access)
    for (const json of accessStatements(this.accesses, Stack.of(this).partition)) {
      const [statement, there] = [PolicyStatement.fromJson(json), this.statements.get(json.Sid)]
      there?.addPrincipals(...statement.principals)
      there?.addConditions(statement.conditions)
      if (there) continue
      this.statements.set(json.Sid, statement)
      this.addToResourcePolicy(statement)
    }
    return this
  }
}
