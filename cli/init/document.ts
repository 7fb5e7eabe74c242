import { Document, type Node, type Scalar, type YAMLMap } from 'yaml'
import { counted } from '../../functions/domain/counted.ts'
import { kebab } from '../../functions/domain/rule/kebab.ts'
import { written } from '../../functions/domain/rule/written.ts'
import { oneLine } from '../terminal.ts'
import type { Account } from './look.ts'
import type { Entry, LeftOut, Proposal, Proposed } from './proposal.ts'
import { cleanUpNotes, ownerTagIn, sweepNotes } from './sections.ts'
import { standingInWords, unjudgedInWords } from './words.ts'

/** Characters of one line of a comment: a proposal has to be whole. */
const LONGEST = 1_000

/** A comment, a line for each text, blank for an empty one: nothing from outside can end its line. */
const comment = (...texts: readonly string[]): string =>
  texts.map((text) => (text === '' ? '' : ` ${oneLine(text, LONGEST)}`)).join('\n')

/** Another list each time: the library writes one that it sees again as an alias. */
const to = (): readonly string[] => ['slack:security', 'sns']

const ruleData = ({ mode, given, rule }: Proposed): unknown => {
  const parameters = Object.entries(given).map(([name, value]) => {
    const parameter = rule.parameters[name]
    return [kebab(name), parameter ? written(parameter, value) : value]
  })
  return parameters.length === 0 ? mode : { mode, ...Object.fromEntries(parameters) }
}

const rulesData = (rules: readonly Proposed[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(rules.map((proposed) => [proposed.rule.id, ruleData(proposed)]))

/** The file as data. */
const dataOf = (account: Account, { entries, registry }: Proposal) => ({
  alerts: [{ repositories: ['**'], threshold: 'HIGH', to: to() }],
  channels: { security: { 'slack-webhook': { secret: 'ecr-steward/slack/security' } } },
  ...(entries.length > 0 && {
    policy: entries.map(({ patterns, rules }) => ({ repositories: patterns, rules: rulesData(rules) })),
  }),
  ...(registry.length > 0 && { registry: { to: to(), rules: rulesData(registry) } }),
  'clean-up': { mode: 'dry-run', to: to() },
  sweep: {
    ...{ schedule: 'cron(0 21 * * ? *)', to: to() },
    ...(ownerTagIn(account) !== undefined && { 'owner-tag': ownerTagIn(account) }),
    sla: { CRITICAL: '7 days', HIGH: '30 days', MEDIUM: '90 days' },
  },
  operations: { email: [] },
})

type Path = readonly (string | number)[]

/** Writes beside the nodes of a document. */
function annotate(document: Document) {
  const pairAt = (path: Path) => {
    const map = (path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents) as YAMLMap<Scalar>
    return map.items.find(({ key }) => key.value === path.at(-1))
  }
  return {
    /** Lines above a key. */
    above(path: Path, ...texts: readonly string[]): void {
      const key = pairAt(path)?.key
      if (key && texts.length > 0) key.commentBefore = comment(...texts)
    },
    /** A blank line above a key of the whole file. */
    apart(name: string): void {
      const key = pairAt([name])?.key
      if (key) key.spaceBefore = true
    },
    /** After the value, on its line. */
    beside(path: Path, text: string): void {
      const node = document.getIn(path, true) as Node
      node.comment = comment(text)
    },
    /** Lines below all that a mapping has. */
    below(path: Path, ...texts: readonly string[]): void {
      const node = document.getIn(path, true) as Node
      if (texts.length > 0) node.comment = comment(...texts)
    },
    /** A line above an entry of a list. */
    over(path: Path, text: string, isApart: boolean): void {
      const node = document.getIn(path, true) as Node
      node.commentBefore = comment(text)
      node.spaceBefore = isApart
    },
    /** On one line. */
    flow(path: Path): void {
      const node = document.getIn(path, true) as { flow?: boolean }
      node.flow = true
    },
  }
}

type Annotate = ReturnType<typeof annotate>

function annotateRules(rules: readonly Proposed[], path: Path, notes: Annotate): void {
  for (const proposed of rules) {
    const at = [...path, proposed.rule.id]
    notes.above(at, ...proposed.notes)
    notes.beside(at, standingInWords(proposed))
    if (Object.keys(proposed.given).length > 0) notes.flow(at)
  }
}

function titleOf({ patterns, repositories }: Entry, isAlone: boolean): string {
  const count = counted(repositories, 'repository', 'repositories')
  if (!patterns.includes('**')) return `What holds here already, and not everywhere: ${count}.`
  if (repositories === 0)
    return 'There is no repository yet. Once there is one, ecr-steward init says what of this holds.'
  return isAlone ? `All ${count}.` : 'All others, and whatever no entry above names.'
}

const leftOutLines = (leftOut: readonly LeftOut[]): readonly string[] =>
  leftOut.length > 0 ? ['Left out:', ...leftOut.map((one) => `- ${one.rule.id}: ${unjudgedInWords(one)}`)] : []

function annotatePolicy({ entries, leftOut }: Proposal, notes: Annotate): void {
  notes.above(
    ['policy'],
    'What is asked of repositories and their images: for each rule the first entry decides that matches and names it.',
    'report: a fail is told once. enforce: it is also put right, where the rule can. Every rule: docs/rules.md, or ecr-steward explain RULE',
  )
  for (const [index, entry] of entries.entries()) {
    notes.over(['policy', index], titleOf(entry, entries.length === 1), index > 0)
    notes.flow(['policy', index, 'repositories'])
    annotateRules(entry.rules, ['policy', index, 'rules'], notes)
  }
  const unwritten = leftOut.filter(({ rule }) => rule.about !== 'registry')
  notes.below(['policy', entries.length - 1, 'rules'], ...leftOutLines(unwritten))
}

/** What was looked at, so that whoever reads the file knows what its numbers rest on. */
function lookedAt({ registry: { ref }, repositories, images, looked, unlisted }: Account): readonly string[] {
  const written = `Written by ecr-steward init for registry ${ref.account} in ${ref.region}`
  if (repositories.length === 0) return [`${written}, which has no repository yet.`]
  const count = counted(repositories.length, 'repository', 'repositories')
  const some = looked < repositories.length ? `, of ${looked} that were looked into` : ''
  return [
    `${written}, which has ${count}. Rules on images were judged by the`,
    `newest tagged image of each that has one${some}: ${counted(images.length, 'image')}. What fails today, and why: ecr-steward check --images`,
    ...(unlisted === undefined ? [] : [`NOT COMPLETE: the list of repositories ended early: ${unlisted}`]),
  ]
}

const isEnforcing = ({ entries }: Proposal): boolean =>
  entries.some(({ rules }) => rules.some(({ mode }) => mode === 'enforce'))

function annotateRest(account: Account, notes: Annotate): void {
  notes.above(
    ['alerts'],
    'Who is told. The first entry that matches a repository decides. * stays within one path segment, ** crosses.',
  )
  notes.above(
    ['alerts', 0, 'threshold'],
    'Lowest severity of a finding that is worth a message. Of rules that fail, every message comes here.',
  )
  notes.above(
    ['channels', 'security'],
    "Name of the secret in Secrets Manager that holds the webhook's URL; never the URL itself.",
  )
  notes.above(
    ['clean-up'],
    'What can go from the repositories of CI: planned and told every night, never what runs. As it is here nothing is removed,',
    'and the stack has no right to. Read first: docs/configuration.md, What is removed',
  )
  notes.above(
    ['sweep'],
    'Every registry, judged whole every day, whatever events said, and one report of it in the bucket of the stack.',
  )
  notes.above(['sweep', 'sla'], 'Within how many days a finding has to go.')
  notes.above(['operations'], ...EXCEPTIONS, '', 'Who looks after the steward.')
  notes.above(['operations', 'email'], 'Who gets the alarms by e-mail when the steward itself does not work.')
  notes.below(['clean-up'], ...cleanUpNotes(account))
  notes.below(['sweep'], ...sweepNotes(account))
}

function annotateRegistry({ registry, leftOut }: Proposal, notes: Annotate): void {
  notes.above(['registry'], 'What is asked of the registry itself, and who is told.')
  annotateRules(registry, ['registry', 'rules'], notes)
  notes.below(['registry', 'rules'], ...leftOutLines(leftOut.filter(({ rule }) => rule.about === 'registry')))
}

const headOf = (account: Account, proposal: Proposal): string =>
  comment(
    'yaml-language-server: $schema=./steward.schema.json',
    isEnforcing(proposal)
      ? 'What the steward watches, and whom it tells. What is in mode enforce it puts right. Every key: docs/configuration.md'
      : 'What the steward watches, and whom it tells. As it is here it reads and tells; it changes nothing. Every key: docs/configuration.md',
    ...lookedAt(account),
  )

/** What nobody but people can agree on. */
const EXCEPTIONS = [
  'What somebody has agreed to live with, until a day, and answers for. It is shown as excepted, never hidden:',
  'exceptions:',
  '  - finding: CVE-2026-1234 # or rule: non-root-user',
  '    repositories: ["prod/web"]',
  '    reason: the function that is vulnerable is never called',
  '    owner: team-web',
  '    expires: 2027-01-31',
]

const FLOWS: readonly Path[] = [
  ['alerts', 0, 'repositories'],
  ['alerts', 0, 'to'],
  ['channels', 'security'],
  ['registry', 'to'],
  ['clean-up', 'to'],
  ['sweep', 'to'],
  ['sweep', 'sla'],
  ['operations', 'email'],
]

/** The text of the file: the same for the same account. */
export function fileText(account: Account, proposal: Proposal): string {
  const data = dataOf(account, proposal)
  const document = new Document(data)
  const notes = annotate(document)
  document.commentBefore = headOf(account, proposal)
  for (const name of Object.keys(data).slice(1)) notes.apart(name)
  annotateRest(account, notes)
  if (proposal.entries.length > 0) annotatePolicy(proposal, notes)
  if (proposal.registry.length > 0) annotateRegistry(proposal, notes)
  const isHomeless = ({ rule }: LeftOut): boolean =>
    (rule.about === 'registry' ? proposal.registry : proposal.entries).length === 0
  const homeless = leftOutLines(proposal.leftOut.filter(isHomeless))
  if (homeless.length > 0) document.comment = comment(...homeless)
  for (const path of FLOWS) if (document.hasIn(path)) notes.flow(path)
  return document.toString({ lineWidth: 0 })
}
