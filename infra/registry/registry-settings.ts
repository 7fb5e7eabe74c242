import { CfnResource } from 'aws-cdk-lib'
import { Construct, type IConstruct } from 'constructs'
import { refuse } from '../refuse.ts'
import { AccountSettings, type AccountSettingsProps } from './account-settings.ts'
import { type BornRepositories, creationTemplates } from './creation-templates.ts'
import { neighbours } from './neighbours.ts'
import { type PullThroughCache, pullThroughCaches } from './pull-through-caches.ts'
import { type PullTimeExclusion, pullTimeExclusions } from './pull-time-exclusions.ts'
import { type RegistryGrant, type ReplicationSource, registryPolicy } from './registry-policy.ts'
import { type ReplicationRule, registryReplication } from './replication.ts'
import { registryScanning, type Scanning } from './scanning.ts'

export type RegistrySettingsProps = {
  /** Which repositories are scanned, and how: nobody gets what costs money, or misses it, by a default. */
  readonly scanning: Scanning
  /** Where what is pushed is copied to: nowhere by default. At most 10 rules. */
  readonly replication?: readonly ReplicationRule[]
  /** Other accounts that replicate into this registry: none by default. */
  readonly replicationFrom?: readonly ReplicationSource[]
  /** Who else may pull from all repositories, or have pull-through caches fetch: nobody by default. */
  readonly access?: readonly RegistryGrant[]
  /** Other registries that this one caches, at most 50: none by default. */
  readonly pullThroughCaches?: readonly PullThroughCache[]
  /** Whose pulls do not count, at most 100: scanners, jobs of CI. Nobody by default. */
  readonly pullTimeExclusions?: readonly PullTimeExclusion[]
  /** Settings of the account that CloudFormation has no resource for. None by default: what is left out is left as it is. */
  readonly accountSettings?: AccountSettingsProps
} & BornRepositories

/** What there is one of in an account and region, so that the second overwrites the first or cannot be made; and the prop that makes it. */
const SINGLE = new Map([
  ['AWS::ECR::RegistryPolicy', 'access'],
  ['AWS::ECR::RegistryScanningConfiguration', 'scanning'],
  ['AWS::ECR::ReplicationConfiguration', 'replication'],
])

/**
 * The settings of a registry, which is that of an account in a region. They stand in one construct, for there is one of each.
 * @see docs/registry-settings.md
 * @throws {Error} for what AWS would refuse, and for a second one of an account and region
 */
export class RegistrySettings extends Construct {
  constructor(scope: Construct, id: string, props: RegistrySettingsProps) {
    super(scope, id)
    this.refuseSecond()
    this.node.addValidation({ validate: () => this.setTwice() })
    registryScanning(this, props.scanning)
    registryReplication(this, props.replication ?? [])
    const policy = registryPolicy(this, props.access ?? [], props.replicationFrom ?? [])
    const caches = pullThroughCaches(this, props.pullThroughCaches ?? [])
    creationTemplates(this, props, caches)
    pullTimeExclusions(this, props.pullTimeExclusions ?? [])
    if (!props.accountSettings) return
    const settings = new AccountSettings(this, 'AccountSettings', props.accountSettings)
    // Under the scope V1 ECR refuses a policy that speaks of pulls.
    policy?.node.addDependency(settings)
  }

  private refuseSecond(): void {
    const first = neighbours(this).find((one) => one instanceof RegistrySettings && one !== this)
    if (first)
      refuse(this, {
        prop: 'scope',
        why: `${first.node.path} sets up this registry already, and an account has one in a region`,
        write: 'all of it there',
      })
  }

  /** What others set that this construct sets. It is asked at synthesis, when all are there. */
  private setTwice(): string[] {
    const resources = neighbours(this).filter((one) => CfnResource.isCfnResource(one))
    const isMine = (resource: IConstruct): boolean => resource.node.scopes.includes(this)
    const mine = new Set(resources.filter(isMine).map(({ cfnResourceType }) => cfnResourceType))
    return resources
      .filter((one) => !isMine(one) && mine.has(one.cfnResourceType))
      .flatMap(({ cfnResourceType, node: { path } }) => {
        const prop = SINGLE.get(cfnResourceType)
        const why = `${path} is a second ${cfnResourceType}, and an account has one in a region`
        return prop === undefined ? [] : [`${this.node.path}: ${prop}: ${why}. Write all of it here.`]
      })
  }
}
