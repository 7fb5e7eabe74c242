import { matchesWhole } from '../expression.ts'
import { listed } from '../listed.ts'
import { matches } from '../pattern.ts'
import { ordinaryTags, withoutTag } from '../quarantine/tags.ts'
import { fail, notApplicable, pass } from '../rule/judgement.ts'
import { choices, expressions, globs } from '../rule/parameter.ts'
import { imageRule } from '../rule/rule.ts'

/** Without what tags cannot hold: `+` is written as `_`. @see https://semver.org/#is-there-a-suggested-regular-expression-regex-to-check-a-semver-string */
const SEMVER = /^v?(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[0-9A-Za-z.-]+)?(?:_[0-9A-Za-z.-]+)?$/

/** Without a prefix there is a letter in it, unless it is whole: `20261120` is a date. */
const GIT_SHA = /^(?:(?:git|sha)-[0-9a-f]{7,40}|[0-9a-f]{40}|(?=\d*[a-f])[0-9a-f]{7,39})$/

const KINDS = { semver: SEMVER, 'git-sha': GIT_SHA, 'build-number': /^build-\d+$/ } as const

type Kind = keyof typeof KINDS

const NAMES = ['semver', 'git-sha', 'build-number'] as const satisfies readonly Kind[]

const EXAMPLES: Readonly<Record<Kind, string>> = {
  semver: 'v1.2.3',
  'git-sha': 'git-abc123def',
  'build-number': 'build-456',
}

export const tagNaming = imageRule({
  id: 'tag-naming',
  severity: 'LOW',
  summary: 'Tags are named after a version, a commit or a build.',
  why: 'From such a name one finds the source of what runs, and the version to go back to.',
  see: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-retag.html',
  needs: ['detail'],
  parameters: {
    kinds: choices(NAMES, {
      about: 'Kinds of names: `v1.2.3` or `1.2.3-rc.1`, `git-abc123def` or a bare commit, `build-456`.',
      default: NAMES,
      example: '[semver, git-sha]',
    }),
    patterns: expressions({
      about: 'Names of your own beside the kinds.',
      default: [],
      example: `["release-[0-9]{4}\\\\.[0-9]+"]`,
    }),
    allowed: globs({ about: 'Tags beside these names.', default: ['latest'], example: '[latest, stable]' }),
  },
  judge({ detail }, { kinds, patterns, allowed }) {
    const tags = ordinaryTags(detail.tags)
    if (tags.length === 0) return notApplicable(withoutTag(detail))
    const isNamed = (tag: string): boolean =>
      kinds.some((kind) => KINDS[kind].test(tag)) ||
      allowed.some((pattern) => matches(pattern, tag)) ||
      patterns.some((pattern) => matchesWhole(pattern, tag))
    const evidence = [{ name: 'Tags', value: listed(tags, 20) }]
    const others = tags.filter((tag) => !isNamed(tag))
    if (others.length === 0) return pass('Its tags are named as they should be.', evidence)
    const examples = [...kinds.map((kind) => EXAMPLES[kind]), ...patterns]
    const text = `Tag what is built as ${examples.join(' or ')}, and push it again.`
    const are = others.length === 1 ? 'is no name that a tag may have' : 'are no names that tags may have'
    return fail(`${listed(others)} ${are}.`, { text }, evidence)
  },
})
