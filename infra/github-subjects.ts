import type { Refusal } from './refuse.ts'

/** Which runs of the workflows of a repository are meant. `*` stands for any characters, in branches, tags and environments alone. */
export type GitHubSubject =
  | { readonly branch: string }
  /** A job that names an environment is known by it, whatever branch it runs on. */
  | { readonly environment: string }
  | { readonly tag: string }
  /** Of any branch: GitHub names none in it. Only together with `trustPullRequests`. */
  | { readonly pullRequests: true }

/** Numbers that GitHub gives to an owner and to a repository, and to no other ever after. */
export type GitHubIds = { readonly owner: number; readonly repository: number }

const REPOSITORY = /^[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?\/[A-Za-z0-9._-]+$/

/**
 * What no name of a branch, tag or environment has in a subject: a colon begins its next part (GitHub writes `%3A` for one), and
 * `${` a variable of IAM.
 */
const FOREIGN = /[\s:]|\$\{/

export const isWild = (subject: string): boolean => /[*?]/.test(subject)

/** Why the name of a repository of GitHub is not one. */
export function repositoryRefusal(name: string): Refusal | undefined {
  if (REPOSITORY.test(name)) return undefined
  const found = `it is ${JSON.stringify(name)}`
  const why = isWild(name) ? `${found}, and repositories that nobody thought of could take the role` : `${found}`
  return { prop: 'gitHubRepository', why, write: "one repository as OWNER/NAME: 'acme/shop'" }
}

/** What GitHub calls the part of the subject, and the name in it. */
function partOf(subject: GitHubSubject): readonly [string, string] {
  if ('branch' in subject) return ['ref:refs/heads/', subject.branch]
  if ('tag' in subject) return ['ref:refs/tags/', subject.tag]
  if ('environment' in subject) return ['environment:', subject.environment]
  return ['pull_request', '']
}

function nameRefusal(prop: string, name: string): Refusal | undefined {
  const kind = prop.split('.').at(-1)
  const found = `it is ${JSON.stringify(name)}`
  if (/^refs\//.test(name))
    return { prop, why: `${found}, with what GitHub puts before it`, write: `the ${kind} alone: 'main'` }
  if (name === '' || FOREIGN.test(name))
    return {
      prop,
      why: `${found}, which is in no subject`,
      write: `its name, with %3A for a colon: 'main', 'release/*'`,
    }
  return undefined
}

/** Why one of these is not to be trusted. @param trustPullRequests whether that was asked for once more, by its own name */
export function subjectRefusal(subjects: readonly GitHubSubject[], trustPullRequests: boolean): Refusal | undefined {
  if (subjects.length === 0)
    return {
      prop: 'subjects',
      why: 'it is empty, and nothing could take the role',
      write: "which runs may: [{ branch: 'main' }], or [{ environment: 'production' }]",
    }
  for (const [index, subject] of subjects.entries()) {
    if ('pullRequests' in subject) {
      if (trustPullRequests) continue
      const why = 'whoever can open a pull request could do with it what no one has reviewed'
      return {
        prop: `subjects[${index}].pullRequests`,
        why,
        write: 'trustPullRequests: true beside it where that is meant',
      }
    }
    const [kind] = Object.keys(subject)
    const refusal = nameRefusal(`subjects[${index}].${kind}`, partOf(subject)[1])
    if (refusal) return refusal
  }
  return undefined
}

const withId = (name: string | undefined, id: number | undefined): string =>
  `${name}${id === undefined ? '' : `@${id}`}`

/**
 * The `sub` of the tokens that runs get: `repo:acme/shop:ref:refs/heads/main`. With ids, as GitHub has it for repositories that are
 * made, renamed or moved since 15 July 2026: `repo:acme@1234/shop@5678:ref:refs/heads/main`.
 * @see https://docs.github.com/en/actions/reference/openid-connect-reference
 * @see https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens/
 */
export function subjectClaim(repository: string, ids: GitHubIds | undefined, subject: GitHubSubject): string {
  const [owner, name] = repository.split('/')
  return `repo:${withId(owner, ids?.owner)}/${withId(name, ids?.repository)}:${partOf(subject).join('')}`
}
