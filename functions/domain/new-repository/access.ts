import { quoted, type Refusal } from './refusal.ts'

/** Somebody outside the account, who may pull, or a role of CI, which may push, too. */
export type Access =
  | { readonly may: 'pull'; readonly account: string }
  /** ARN of a role. */
  | { readonly may: 'pull' | 'push'; readonly role: string }
  /** Id of an organisation: every account of it. */
  | { readonly may: 'pull'; readonly organisation: string }

/** A statement of a policy, as JSON. */
export type Statement = {
  readonly Sid: string
  readonly Effect: 'Allow'
  readonly Principal: '*' | { readonly AWS: string | readonly string[] }
  readonly Action: readonly string[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
}

/** What `docker pull` takes of a repository. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html */
export const PULL_ACTIONS = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']

/** What `docker push` takes beside that. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html */
const PUSH_ACTIONS = [
  ...PULL_ACTIONS,
  ...['ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart'],
].toSorted()

const ACCOUNT = /^\d{12}$/
const ROLE = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/
const ORGANISATION = /^o-[a-z0-9]{10,32}$/

type Kind = {
  readonly sid: string
  readonly actions: readonly string[]
  /** Of one who has it, or undefined for another kind. */
  readonly idOf: (access: Access) => string | undefined
  readonly pattern: RegExp
  /** What an id is, with an example. */
  readonly write: string
}

const roleOf = (may: Access['may']) => (access: Access) =>
  'role' in access && access.may === may ? access.role : undefined

const KINDS: readonly Kind[] = [
  {
    ...{ sid: 'PullFromAccounts', actions: PULL_ACTIONS, pattern: ACCOUNT, write: 'twelve digits' },
    idOf: (access) => ('account' in access ? access.account : undefined),
  },
  {
    ...{ sid: 'PullFromRoles', actions: PULL_ACTIONS, pattern: ROLE, write: 'arn:aws:iam::123456789012:role/NAME' },
    idOf: roleOf('pull'),
  },
  {
    ...{
      sid: 'PullFromOrganizations',
      actions: PULL_ACTIONS,
      pattern: ORGANISATION,
      write: 'an id such as o-a1b2c3d4e5',
    },
    idOf: (access) => ('organisation' in access ? access.organisation : undefined),
  },
  {
    ...{ sid: 'PushFromCi', actions: PUSH_ACTIONS, pattern: ROLE, write: 'arn:aws:iam::123456789012:role/NAME' },
    idOf: roleOf('push'),
  },
]

/** One, or a list of more, as AWS writes it. */
const oneOrMore = (ids: readonly string[]): string | readonly string[] => (ids.length === 1 ? String(ids[0]) : ids)

function statementOf(
  { sid, actions, idOf, pattern }: Kind,
  accesses: readonly Access[],
  partition: string,
): Statement[] {
  const ids = [...new Set(accesses.flatMap((access) => idOf(access) ?? []))]
  if (ids.length === 0) return []
  const common = { Sid: sid, Effect: 'Allow', Action: actions } as const
  if (pattern === ORGANISATION)
    return [{ ...common, Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': oneOrMore(ids) } } }]
  const principals = pattern === ACCOUNT ? ids.map((id) => `arn:${partition}:iam::${id}:root`) : ids
  return [{ ...common, Principal: { AWS: oneOrMore(principals) } }]
}

/**
 * The statements of a repository policy, one for each kind of access; none without any access.
 * @param partition `aws`; `aws-cn` in China
 */
export const accessStatements = (accesses: readonly Access[], partition = 'aws'): readonly Statement[] =>
  KINDS.flatMap((kind) => statementOf(kind, accesses, partition))

/** Text of a repository policy; undefined without any access. */
export function accessPolicy(accesses: readonly Access[], partition = 'aws'): string | undefined {
  const Statement = accessStatements(accesses, partition)
  return Statement.length > 0 ? JSON.stringify({ Version: '2012-10-17', Statement }) : undefined
}

/** Who is none. @param isKnown false where it is known only at deployment */
export function accessRefusal(access: Access, isKnown: (text: string) => boolean): Refusal | undefined {
  const kind = KINDS.find(({ idOf }) => idOf(access) !== undefined)
  if (!kind)
    return {
      prop: 'access',
      why: 'it names nobody',
      write: "account, role or organisation: { may: 'pull', account: '123456789012' }",
    }
  const id = String(kind.idOf(access))
  if (!isKnown(id) || kind.pattern.test(id)) return undefined
  const [what] = Object.keys(access).filter((name) => name !== 'may')
  return { prop: `access.${what}`, why: `${quoted(id)} is none`, write: kind.write }
}
