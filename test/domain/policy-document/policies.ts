import fc from 'fast-check'
import {
  FOREIGN_NETWORK,
  FOREIGN_ORG,
  NETWORK,
  ORG,
  OTHER,
  OWN,
  PULL,
  PULLER,
  PUSH,
  PUSHER,
  STRANGER,
} from './callers.ts'

const ACCOUNTS = [OWN, PULLER, PUSHER, STRANGER]

const oneOrMore = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | T[]> =>
  fc.oneof({ weight: 3, arbitrary: one }, { weight: 1, arbitrary: fc.array(one, { minLength: 1, maxLength: 3 }) })

const awsPrincipal = fc.oneof(
  { weight: 2, arbitrary: fc.constant('*') },
  { weight: 1, arbitrary: fc.constantFrom(...ACCOUNTS) },
  { weight: 2, arbitrary: fc.constantFrom(...ACCOUNTS.map((account) => `arn:aws:iam::${account}:root`)) },
  { weight: 1, arbitrary: fc.constantFrom(...ACCOUNTS.map((account) => `arn:aws:iam::${account}:role/app`)) },
  { weight: 1, arbitrary: fc.constant(`arn:aws:iam::${STRANGER}:user/ann`) },
)
const service = fc.constantFrom('lambda.amazonaws.com', 'codebuild.amazonaws.com')

const principal = fc.oneof(
  { weight: 3, arbitrary: fc.constant('*') },
  { weight: 4, arbitrary: oneOrMore(awsPrincipal).map((AWS) => ({ AWS })) },
  { weight: 2, arbitrary: oneOrMore(service).map((Service) => ({ Service })) },
  { weight: 1, arbitrary: fc.record({ AWS: oneOrMore(awsPrincipal), Service: service }) },
)

const actions = fc.oneof(
  { weight: 2, arbitrary: oneOrMore(fc.constantFrom(...PULL, 'ECR:batchgetimage')) },
  {
    weight: 1,
    arbitrary: oneOrMore(fc.constantFrom(...PULL, ...PUSH, ...OTHER, 'ecr:*', 'ecr:Batch*', 'ecr:?utImage', '*')),
  },
)

/** Keys with values that confine, that confine to strangers, and that look like it. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  'aws:PrincipalAccount': [...ACCOUNTS, '11111111111?', '*'],
  'aws:PrincipalArn': [
    ...ACCOUNTS.map((account) => `arn:aws:iam::${account}:role/app`),
    `arn:aws:iam::${PULLER}:*`,
    'arn:aws:iam::*:role/app',
    `arn:aws:*:iam::${PULLER}:role/*`,
    `arn:*:iam::${PULLER}:role/*`,
    `*${PULLER}*`,
  ],
  'AWS:principalorgid': [ORG, FOREIGN_ORG, 'o-*', '*'],
  'aws:PrincipalOrgPaths': [`${ORG}/*`, `${FOREIGN_ORG}/*`, `${ORG}/r-ab12/ou-ab12-11111111/`, 'o-*/*'],
  'aws:PrincipalServiceName': ['lambda.amazonaws.com', 'codebuild.amazonaws.com', '*.amazonaws.com'],
  'aws:SourceAccount': [...ACCOUNTS, '*'],
  'aws:SourceArn': [
    ...ACCOUNTS.map((account) => `arn:aws:lambda:us-east-1:${account}:function:*`),
    `arn:aws:lambda:*:${PULLER}:function:*`,
    `arn:*:lambda:*:${PULLER}:function:*`,
    '*',
  ],
  'aws:SourceVpce': [NETWORK, FOREIGN_NETWORK, 'vpce-*'],
  'aws:SourceVpc': ['vpc-0fffffffffffffff0'],
  'aws:PrincipalTag/team': ['a', '*'],
}

const OPERATORS = [
  'StringEquals',
  'StringEqualsIgnoreCase',
  'StringLike',
  'StringNotEquals',
  'StringNotLike',
  'StringEqualsIfExists',
  'StringLikeIfExists',
  'StringNotEqualsIfExists',
  'ArnEquals',
  'ArnLike',
  'ArnNotLike',
  'ArnLikeIfExists',
  'ForAnyValue:StringEquals',
  'ForAnyValue:StringLike',
  'ForAllValues:StringLike',
  'ForAnyValue:StringNotLike',
]

const KEYS = Object.keys(VALUES)

const comparison = fc
  .constantFrom(...KEYS)
  .chain((key) =>
    fc.tuple(
      fc.oneof(
        { weight: 1, arbitrary: fc.constantFrom(...OPERATORS.slice(0, 3)) },
        { weight: 2, arbitrary: fc.constantFrom(...OPERATORS) },
      ),
      fc.constant(key),
      oneOrMore(fc.constantFrom(...(VALUES[key] ?? []))),
    ),
  )

const condition = fc.oneof(
  { weight: 8, arbitrary: comparison },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ['Bool', 'aws:PrincipalIsAWSService', 'true'],
      ['Bool', 'aws:PrincipalIsAWSService', 'false'],
      ['BoolIfExists', 'aws:PrincipalIsAWSService', 'true'],
      ['Bool', 'aws:SecureTransport', 'true'],
      ['Null', 'aws:PrincipalOrgID', 'false'],
      ['Null', 'aws:SourceArn', 'true'],
      ['IpAddress', 'aws:SourceIp', '203.0.113.0/24'],
    ) as fc.Arbitrary<[string, string, string]>,
  },
)

const conditions = fc.array(condition, { maxLength: 3 }).map((all) => {
  const element: Record<string, Record<string, unknown>> = {}
  for (const [operator, key, values] of all) element[operator] = { ...element[operator], [key]: values }
  return all.length > 0 ? { Condition: element } : {}
})

const resource = fc.oneof(
  { weight: 8, arbitrary: fc.constant({ Resource: '*' }) },
  { weight: 1, arbitrary: fc.constant({ Resource: `arn:aws:ecr:ap-northeast-1:${OWN}:repository/prod/*` }) },
  { weight: 1, arbitrary: fc.constant({ NotResource: '*' }) },
)

const statement = (effect: fc.Arbitrary<string>) =>
  fc
    .tuple(
      effect,
      fc.oneof(
        { weight: 9, arbitrary: principal.map((Principal) => ({ Principal })) },
        { weight: 1, arbitrary: oneOrMore(fc.constantFrom(...ACCOUNTS)).map((AWS) => ({ NotPrincipal: { AWS } })) },
      ),
      fc.oneof(
        { weight: 9, arbitrary: actions.map((Action) => ({ Action })) },
        { weight: 1, arbitrary: actions.map((NotAction) => ({ NotAction })) },
      ),
      resource,
      conditions,
    )
    .map(([Effect, ...parts]) => Object.assign({ Effect }, ...parts) as Record<string, unknown>)

const NEGATED = OPERATORS.filter((operator) => operator.includes('Not'))

/** A Deny for everyone but some, and what only looks like it. */
const perimeter = fc
  .tuple(
    fc.oneof({ weight: 4, arbitrary: fc.constant('*') }, { weight: 1, arbitrary: principal }),
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('*', 'ecr:*') },
      { weight: 1, arbitrary: fc.constantFrom(...PULL) },
    ),
    resource,
    fc.array(
      fc
        .constantFrom('aws:PrincipalAccount', 'aws:PrincipalArn', 'AWS:principalorgid', ...KEYS)
        .chain((key) =>
          fc.tuple(
            fc.constantFrom('StringNotEquals', 'StringNotLike', ...NEGATED),
            fc.constant(key),
            oneOrMore(fc.constantFrom(...(VALUES[key] ?? []))),
          ),
        ),
      { minLength: 1, maxLength: 2 },
    ),
  )
  .map(([Principal, Action, where, all]) => ({
    ...{ Effect: 'Deny', Principal, Action },
    ...where,
    Condition: Object.fromEntries(all.map(([operator, key, values]) => [operator, { [key]: values }])),
  }))

/** Policies that let everyone pull, and take it back. */
export const perimeters = fc
  .tuple(fc.constantFrom(...PULL), fc.array(perimeter, { minLength: 1, maxLength: 2 }))
  .map(([Action, denials]) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action, Resource: '*' }, ...denials],
  }))

/** Policies of some statements, of which many let somebody in. */
export const policies = fc
  .tuple(
    fc.array(statement(fc.constant('Allow')), { minLength: 1, maxLength: 2 }),
    fc.array(statement(fc.constant('Deny')), { maxLength: 1 }),
    fc.boolean(),
  )
  .map(([allow, deny, isFirst]) => ({
    Version: '2012-10-17',
    Statement: isFirst ? [...deny, ...allow] : [...allow, ...deny],
  }))
