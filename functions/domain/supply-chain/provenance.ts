/** What a build says of itself. Texts are what its signer wrote: escape where shown. */
export type Provenance = {
  /** Who built it: `https://github.com/acme/web/.github/workflows/release.yml@refs/heads/main`. */
  readonly builder?: string | undefined
  /** Repository of what was built, without its branch: `https://github.com/acme/web`. */
  readonly source?: string | undefined
  /** `refs/heads/main`, `refs/tags/v1.4.2`. */
  readonly ref?: string | undefined
}

type Source = Pick<Provenance, 'source' | 'ref'>

/** @see https://slsa.dev/spec/v1.0/provenance and https://slsa.dev/spec/v0.2/provenance */
const SLSA = /^https:\/\/slsa\.dev\/provenance\/v(?<version>0\.2|1(?:\.\d{1,3})?)$/

const LONGEST = 2_000
/** Dependencies among which the source is looked for: it comes first. */
const MOST = 20

/** What lies at a path, where objects lead to it. */
function at(value: unknown, ...path: readonly string[]): unknown {
  let here = value
  for (const step of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined
    here = (here as Readonly<Record<string, unknown>>)[step]
  }
  return here
}

function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const text = at(value, ...path)
  return typeof text === 'string' && text !== '' && text.length <= LONGEST ? text : undefined
}

const listAt = (value: unknown, ...path: readonly string[]): readonly unknown[] => {
  const list = at(value, ...path)
  return Array.isArray(list) ? list.slice(0, MOST) : []
}

/** `git+https://host/path@refs/heads/main`: an `@` before the path belongs to the user. */
const LOCATION = /^(?:git\+)?(?<where>[a-z][a-z0-9+.-]*:\/\/[^/]*\/[^@]*)(?:@(?<ref>.*))?$/

/** @param ref where it is said apart */
function sourceIn(uri: string | undefined, ref?: string): Source | undefined {
  const { where, ref: own } = LOCATION.exec(uri ?? '')?.groups ?? {}
  if (where === undefined) return undefined
  const named = ref ?? own
  return {
    source: where.replace(/\/$/, '').replace(/\.git$/, ''),
    // A commit, or a name that may be a branch or a tag, says no branch.
    ref: named?.startsWith('refs/') ? named : undefined,
  }
}

/** The first dependency that is a repository of git, by its scheme or by its commit. */
function amongDependencies(dependencies: readonly unknown[]): Source | undefined {
  const repository = dependencies.find(
    (one) =>
      textAt(one, 'uri')?.startsWith('git') ||
      at(one, 'digest', 'gitCommit') !== undefined ||
      at(one, 'digest', 'sha1') !== undefined,
  )
  return sourceIn(textAt(repository, 'uri'))
}

/** What GitHub, Google Cloud Build and GitLab call it, and where all others may name it. */
function sourceOfV1(definition: unknown): Source | undefined {
  const asked = at(definition, 'externalParameters')
  const named = (key: string) => sourceIn(textAt(asked, key, 'repository'), textAt(asked, key, 'ref'))
  return (
    named('workflow') ??
    named('buildConfigSource') ??
    sourceIn(textAt(asked, 'source') ?? textAt(asked, 'source', 'uri')) ??
    amongDependencies(listAt(definition, 'resolvedDependencies'))
  )
}

/**
 * What a statement of SLSA v0.2 or v1 says, as far as it says it; undefined for one of another kind. The predicate may be anything:
 * only that of a verified statement means something.
 */
export function provenanceIn(predicateType: string | undefined, predicate: unknown): Provenance | undefined {
  const { version } = SLSA.exec(predicateType ?? '')?.groups ?? {}
  if (version === undefined) return undefined
  if (version === '0.2')
    return {
      builder: textAt(predicate, 'builder', 'id'),
      ...(sourceIn(textAt(predicate, 'invocation', 'configSource', 'uri')) ??
        amongDependencies(listAt(predicate, 'materials'))),
    }
  return {
    builder: textAt(predicate, 'runDetails', 'builder', 'id'),
    ...sourceOfV1(at(predicate, 'buildDefinition')),
  }
}
