import { RemovalPolicy } from 'aws-cdk-lib'
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb'
import type { Construct } from 'constructs'
import { TABLE_KEY, TABLE_TTL } from '../functions/contract.ts'

/** What was told, about what, to whom. Its loss repeats alerts; it never hides one. */
export const stateTable = (scope: Construct, id: string): Table =>
  new Table(scope, id, {
    partitionKey: { name: TABLE_KEY, type: AttributeType.STRING },
    timeToLiveAttribute: TABLE_TTL,
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.AWS_MANAGED,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  })
