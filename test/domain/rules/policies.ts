export const ORG = 'o-a1b2c3d4e5'
export const PULL = ['ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage', 'ecr:BatchCheckLayerAvailability']
export const PUSH = ['ecr:PutImage', 'ecr:InitiateLayerUpload', 'ecr:UploadLayerPart', 'ecr:CompleteLayerUpload']

/** The registry's own is 123456789012. */
export const root = (account: string) => ({ AWS: `arn:aws:iam::${account}:root` })

export const statement = (change: Readonly<Record<string, unknown>> = {}) => ({
  Sid: 'AllowPull',
  Effect: 'Allow',
  Principal: root('987654321098'),
  Action: PULL,
  ...change,
})

export const policyOf = (...statements: readonly unknown[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements })

/** What Lambda writes into the policy of a repository whose image a function of the account runs. */
export const LAMBDA = {
  Sid: 'LambdaECRImageRetrievalPolicy',
  Effect: 'Allow',
  Principal: { Service: 'lambda.amazonaws.com' },
  Action: ['ecr:BatchGetImage', 'ecr:DeleteRepositoryPolicy', 'ecr:GetDownloadUrlForLayer', 'ecr:SetRepositoryPolicy'],
  Condition: { StringLike: { 'aws:sourceArn': 'arn:aws:lambda:ap-northeast-1:123456789012:function:*' } },
}
