import { Aws, CfnCondition, Duration, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Key } from 'aws-cdk-lib/aws-kms'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import { RegionInfo } from 'aws-cdk-lib/region-info'
import { Construct } from 'constructs'
import { SBOM_EXPORT_ACTIONS, SBOM_EXPORTS, SWEEP_PREFIX } from '../functions/sweep/contract.ts'
import type { HasFunction } from './grants.ts'
import { acknowledge } from './nag.ts'

/** Days that an export can be read: what it says is in the index as soon as a sweep has read it. */
const EXPORT_DAYS = 7

const OPT_IN = RegionInfo.regions.filter(({ isOptInRegion }) => isOptInRegion).map(({ name }) => name)

/** @property accounts beside that of the stack: what Inspector exports for others is not taken */
export type SbomExportsProps = { readonly store: Bucket; readonly accounts: readonly string[] }

/**
 * Where Inspector puts the SBOMs that it is asked for: below a prefix of the sweep's bucket, for each account in a folder of its own,
 * encrypted with a key, which it always wants and which no key of AWS can be.
 * @see https://docs.aws.amazon.com/inspector/latest/user/findings-managing-exporting-reports.html
 */
export class SbomExports extends Construct {
  readonly key: Key
  private readonly accounts: readonly string[]
  private readonly inspector: string

  constructor(scope: Construct, id: string, { store, accounts }: SbomExportsProps) {
    super(scope, id)
    this.accounts = [Aws.ACCOUNT_ID, ...accounts]
    this.inspector = this.nameOfInspector()
    // Deleted with the stack, 30 days later: until then every object that it encrypts has expired, and nothing is lost with it.
    this.key = new Key(this, 'Key', {
      description: 'SBOMs that Inspector exports for ecr-steward',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    this.key.addToResourcePolicy(this.allow(['kms:Decrypt', 'kms:GenerateDataKey*'], '*'))
    // Nobody of one account can say what is in the images of another one.
    const own = `${SWEEP_PREFIX}/${SBOM_EXPORTS}\${aws:SourceAccount}/*`
    const writes = ['s3:PutObject', 's3:PutObjectAcl', 's3:AbortMultipartUpload']
    store.addToResourcePolicy(this.allow(writes, store.arnForObjects(own)))
    store.addLifecycleRule({
      id: 'exports',
      prefix: `${SWEEP_PREFIX}/${SBOM_EXPORTS}`,
      expiration: Duration.days(EXPORT_DAYS),
      noncurrentVersionExpiration: Duration.days(1),
    })
  }

  /** Asking for exports, and reading what came of it. */
  grant(worker: HasFunction): void {
    const { region, urlSuffix } = Stack.of(this)
    worker.function.addToRolePolicy(new PolicyStatement({ actions: [...SBOM_EXPORT_ACTIONS], resources: ['*'] }))
    acknowledge(worker, 'IAM5[Resource::*]', 'IAM knows no resource for exports of SBOMs.')
    worker.function.addToRolePolicy(
      new PolicyStatement({
        actions: ['kms:Decrypt'],
        resources: [this.key.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `s3.${region}.${urlSuffix}` } },
      }),
    )
  }

  /** Where an account has to switch a region on, Inspector has a name of its own there. */
  private nameOfInspector(): string {
    const isOptIn = new CfnCondition(this, 'IsOptInRegion', {
      expression: Fn.conditionOr(...OPT_IN.map((region) => Fn.conditionEquals(Aws.REGION, region))),
    })
    const [here, anywhere] = [`inspector2.${Aws.REGION}.amazonaws.com`, 'inspector2.amazonaws.com']
    return Fn.conditionIf(isOptIn.logicalId, here, anywhere).toString()
  }

  /** What Inspector may do for reports of the accounts, in the region of the stack alone: it exports to no bucket elsewhere. */
  private allow(actions: string[], resource: string): PolicyStatement {
    const reports = this.accounts.map((account) =>
      Stack.of(this).formatArn({ service: 'inspector2', account, resource: 'report', resourceName: '*' }),
    )
    return new PolicyStatement({
      principals: [new ServicePrincipal(this.inspector)],
      actions,
      resources: [resource],
      conditions: {
        StringEquals: { 'aws:SourceAccount': this.accounts },
        ArnLike: { 'aws:SourceArn': reports },
      },
    })
  }
}
