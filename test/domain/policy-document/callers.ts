import { runSimulation } from '@cloud-copilot/iam-simulate'

export const OWN = '123456789012'
export const PULLER = '111111111111'
export const PUSHER = '222222222222'
export const STRANGER = '999999999999'
export const ORG = 'o-aaaaaaaaaa'
export const FOREIGN_ORG = 'o-xxxxxxxxxx'
export const NETWORK = 'vpce-0aaaaaaaaaaaaaaaa'
export const FOREIGN_NETWORK = 'vpce-0fffffffffffffff0'
export const RESOURCE = `arn:aws:ecr:ap-northeast-1:${OWN}:repository/prod/api`

export const PULL = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:DescribeImages']
export const PUSH = ['ecr:PutImage', 'ecr:UploadLayerPart']
export const OTHER = ['ecr:DeleteRepository', 'ecr:BatchDeleteImage', 'ecr:SetRepositoryPolicy', 'ecr:TagResource']

/** Somebody who calls, with what AWS would say of the call, and what they are allowed to do here. */
export type Caller = {
  readonly principal: string
  readonly context: Readonly<Record<string, string | string[]>>
  readonly may: readonly string[]
}

const from = (
  account: string,
  name: string,
  org: string | undefined,
  more: Caller['context'],
  may: readonly string[],
): Caller => {
  const principal = `arn:aws:iam::${account}:${name}`
  const membership = org && { 'aws:PrincipalOrgID': org, 'aws:PrincipalOrgPaths': [`${org}/r-ab12/ou-ab12-11111111/`] }
  const context = {
    'aws:PrincipalAccount': account,
    'aws:PrincipalArn': principal,
    'aws:PrincipalIsAWSService': 'false',
    'aws:SecureTransport': 'true',
    'aws:SourceIp': '203.0.113.7',
    'aws:PrincipalTag/team': 'a',
    ...membership,
    ...more,
  }
  return { principal, context, may }
}

const service = (name: string, account: string | undefined, may: readonly string[]): Caller => ({
  principal: name,
  context: {
    'aws:PrincipalIsAWSService': 'true',
    'aws:PrincipalServiceName': name,
    'aws:SecureTransport': 'true',
    ...(account && {
      'aws:SourceAccount': account,
      'aws:SourceArn': `arn:aws:lambda:us-east-1:${account}:function:job:${PULLER}:function:x`,
    }),
  },
  may,
})

export const CALLERS: readonly Caller[] = [
  from(STRANGER, 'role/app', undefined, {}, []),
  from(STRANGER, 'user/ann', FOREIGN_ORG, {}, []),
  // A path may hold colons: a wildcard over it must not find another account there.
  from(STRANGER, `role/a/:iam::${PULLER}:role/b`, FOREIGN_ORG, {}, []),
  from(
    STRANGER,
    'role/app',
    FOREIGN_ORG,
    { 'aws:SourceVpce': FOREIGN_NETWORK, 'aws:SourceVpc': 'vpc-0fffffffffffffff0' },
    [],
  ),
  from(STRANGER, 'role/app', ORG, {}, PULL),
  from(STRANGER, 'role/app', undefined, { 'aws:SourceVpce': NETWORK }, PULL),
  from(PULLER, 'role/app', undefined, {}, PULL),
  from(PUSHER, 'role/ci', FOREIGN_ORG, {}, [...PULL, ...PUSH]),
  service('lambda.amazonaws.com', undefined, []),
  service('lambda.amazonaws.com', STRANGER, []),
  service('lambda.amazonaws.com', PULLER, PULL),
  service('codebuild.amazonaws.com', STRANGER, PULL),
]

const EVERYTHING = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }

/** What IAM makes of a call, whose caller is allowed everything at home, under a resource policy. */
export async function isLetIn(policy: object, { principal, context }: Caller, action: string): Promise<boolean> {
  const request = {
    principal,
    action,
    resource: { resource: RESOURCE, accountId: OWN },
    contextVariables: { ...context },
  }
  const simulation = {
    request,
    identityPolicies: [{ name: 'all', policy: EVERYTHING }],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    resourcePolicy: policy,
  }
  const result = await runSimulation(simulation, {})
  if (result.resultType === 'error') throw new Error(JSON.stringify(result.errors))
  return result.overallResult === 'Allowed'
}
