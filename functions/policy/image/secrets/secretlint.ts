import type { SecretLintRuleCreator as LintRule, SecretLintSourceCode as Source } from '@secretlint/types'
import type { Hit } from './forms.ts'

/** What a rule finds, by the last word of its id; others are `a token of NAME`. */
const FOUND: Readonly<Record<string, string>> = {
  aws: 'an AWS secret access key',
  basicauth: 'a URL with a password',
  'database-connection-string': 'the URL of a database with its password',
  docker: 'a Docker Hub token',
  gcp: 'a key of a Google Cloud service account',
  github: 'a GitHub token',
  gitlab: 'a GitLab token',
  'hashicorp-vault': 'a Vault token',
  npm: 'an npm token',
  privatekey: 'a private key',
  slack: 'a Slack token',
}

const nameOf = ({ meta }: LintRule): string => meta.id.replace('@secretlint/secretlint-rule-', '')

/** That rule finds nothing: it lets whoever writes `secretlint-disable` into an image switch the others off. */
const isFinder = (rule: LintRule): boolean => nameOf(rule) !== 'filter-comments'

async function finders(): Promise<readonly LintRule[]> {
  const preset = await import('@secretlint/secretlint-rule-preset-recommend')
  return preset.rules.filter(isFinder)
}

function run(rule: LintRule, source: Source): Promise<readonly Hit[]> {
  const hits: Hit[] = []
  const name = nameOf(rule)
  const { file } = rule.create(
    {
      sharedOptions: {},
      // Its messages quote the secret.
      createTranslator: () => (id) => ({ message: '', messageId: String(id), data: undefined as never }),
      report: ({ range }) => hits.push({ start: range[0], what: FOUND[name] ?? `a token of ${name}` }),
      ignore: () => undefined,
    },
    {},
  )
  return Promise.resolve(file?.(source)).then(() => hits)
}

let loaded: Promise<readonly LintRule[]> | undefined

/**
 * What secretlint's recommended rules find, each run by itself: `@secretlint/core` keeps six kilobytes of each call for
 * its profiler, for good. The rules are loaded when they are first needed.
 * @see https://github.com/secretlint/secretlint#rule-packages
 */
export async function secretlintIn(text: string): Promise<readonly Hit[]> {
  loaded ??= finders()
  const source = { content: text, filePath: '', ext: '', contentType: 'text' } as Source
  const found = await Promise.all((await loaded).map((rule) => run(rule, source)))
  return found.flat()
}
