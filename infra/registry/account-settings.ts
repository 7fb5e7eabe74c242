import { type CfnResource, CustomResource, Duration, Token } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import {
  ACCOUNT_SETTINGS,
  BEFORE,
  type BeforeProperties,
  SETTING,
  type SettingProperties,
  TIMEOUT_SECONDS,
} from '../../functions/account-settings/contract.ts'
import { stewardFunction } from '../function.ts'
import { acknowledge } from '../nag.ts'
import { deadLetterQueue } from '../queue.ts'
import { refuse } from '../refuse.ts'

/** How old a request may be when it is begun: two more tries, a minute and two minutes later. */
const AGE = Duration.minutes(5)
/** After the last try has ended: none goes on when CloudFormation has given up, and has begun to undo. */
const PATIENCE = AGE.plus(Duration.seconds(TIMEOUT_SECONDS)).plus(Duration.seconds(30))

export type AccountSettingsProps = {
  /** What basic scanning scans with. As it is by default: `AWS_NATIVE` unless the account is old. CLAIR cannot be chosen any more. */
  readonly basicScanTypeVersion?: 'AWS_NATIVE'
  /**
   * `V2`: the policy of the registry counts for every action of ECR. As it is by default: `V2` unless the account is old. V1, for which
   * three actions count, cannot be chosen any more.
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html
   */
  readonly registryPolicyScope?: 'V2'
  /**
   * Whether a push may take layers from other repositories of the registry. As it is by default.
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/blob-mounting.html
   */
  readonly blobMounting?: 'ENABLED' | 'DISABLED'
}

type Prop = keyof typeof ACCOUNT_SETTINGS

const PROPS = Object.keys(ACCOUNT_SETTINGS) as Prop[]

/**
 * Settings of ECR for the account in the region of the stack, for which CloudFormation has no resource. What they were before is noted,
 * and put back when a setting is left out or the stack is deleted, unless somebody has changed it meanwhile.
 * @see docs/registry-settings.md
 * @throws {Error} for a setting or a value that ECR does not have, and for none at all
 */
export class AccountSettings extends Construct {
  /** Puts and reads the settings. */
  readonly function: LambdaFunction
  /** Requests that failed in some other way than by an answer of ECR, three times. */
  readonly deadLetters: Queue

  constructor(scope: Construct, id: string, props: AccountSettingsProps) {
    super(scope, id)
    const wanted = this.wanted(props)
    this.deadLetters = deadLetterQueue(this, 'DeadLetters')
    this.function = this.putter()
    for (const [prop, value] of wanted) this.setting(prop, value)
  }

  private wanted(props: AccountSettingsProps): readonly (readonly [Prop, string])[] {
    const unknown = Object.keys(props).find((prop) => !Object.hasOwn(ACCOUNT_SETTINGS, prop))
    if (unknown !== undefined)
      refuse(this, { prop: unknown, why: 'ECR has no such setting', write: PROPS.join(', or ') })
    const wanted = PROPS.flatMap((prop) => {
      const value = props[prop]
      return value === undefined ? [] : [[prop, value] as const]
    })
    if (wanted.length === 0)
      refuse(this, { prop: PROPS.join(', '), why: 'none is given', write: 'at least one, or no account settings' })
    for (const [prop, value] of wanted) this.check(prop, value)
    return wanted
  }

  private check(prop: Prop, value: string): void {
    const { name, values } = ACCOUNT_SETTINGS[prop]
    if (Token.isUnresolved(value) || (values as readonly string[]).includes(value)) return
    refuse(this, {
      prop,
      why: `it is ${JSON.stringify(value)}, which ECR does not take for ${name}`,
      write: values.map((one) => `'${one}'`).join(' or '),
    })
  }

  private putter(): LambdaFunction {
    const made = stewardFunction(this, 'Function', {
      name: 'account-settings',
      description: 'puts settings of ECR for this account, and puts them back',
      timeoutSeconds: TIMEOUT_SECONDS,
      environment: {},
      config: {},
    })
    made.addToRolePolicy(
      new PolicyStatement({ actions: ['ecr:GetAccountSetting', 'ecr:PutAccountSetting'], resources: ['*'] }),
    )
    acknowledge(this, 'IAM5[Resource::*]', 'Settings of the account have no ARN: IAM knows no resource for them.')
    made.configureAsyncInvoke({
      maxEventAge: AGE,
      retryAttempts: 2,
      onFailure: { bind: () => ({ destination: this.deadLetters.queueArn }) },
    })
    // CDK's own destination would also grant what a sender does not need.
    this.deadLetters.grant(made, 'sqs:SendMessage')
    // CloudFormation moves no custom resource to another function.
    ;(made.node.defaultChild as CfnFunction).overrideLogicalId('EcrAccountSettings')
    return made
  }

  private setting(prop: Prop, value: string): void {
    const { name: Name } = ACCOUNT_SETTINGS[prop]
    const before = this.resource(`${prop}Before`, BEFORE, { Name })
    this.resource(prop, SETTING, { Name, Value: value, Before: before.ref })
  }

  /**
   * The same logical id wherever the construct stands: of two resources for one setting, the one that goes would put back what the one
   * that comes has put.
   */
  private resource(id: string, resourceType: string, properties: BeforeProperties | SettingProperties): CustomResource {
    const name = `${id[0]?.toUpperCase()}${id.slice(1)}`
    const resource = new CustomResource(this, name, {
      serviceToken: this.function.functionArn,
      serviceTimeout: PATIENCE,
      resourceType,
      properties,
    })
    // With what says how often it is tried, and what it may do.
    resource.node.addDependency(this.function)
    ;(resource.node.defaultChild as CfnResource).overrideLogicalId(`Ecr${name}`)
    return resource
  }
}
