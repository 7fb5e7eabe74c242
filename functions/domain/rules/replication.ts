import type { RegistryRef, ReplicationRule } from '../facts/registry-facts.ts'
import { awsCommand } from '../rule/aws-command.ts'
import { fail, notApplicable, pass } from '../rule/judgement.ts'
import { texts } from '../rule/parameter.ts'
import { registryRule } from '../rule/rule.ts'

const DESTINATION = /^[a-z]{2}(-[a-z]+)+-\d(\/\d{12})?$/
const PREFIX = /^[a-z0-9][a-z0-9._/-]{0,255}$/

/** `eu-west-1/123456789012`. */
const nameOf = ({ region, account }: RegistryRef): string => `${region}/${account}`

/** Without an account, the same one. */
function destinationOf(text: string, own: RegistryRef): RegistryRef {
  const [region = '', account = own.account] = text.split('/')
  return { region, account }
}

const covers = ({ destinations, prefixes }: ReplicationRule, destination: string, wanted: string): boolean =>
  destinations.some((one) => nameOf(one) === destination) &&
  (prefixes.length === 0 || prefixes.some((prefix) => wanted.startsWith(prefix)))

/** As the API has it. */
const asInput = ({ destinations, prefixes }: ReplicationRule) => ({
  destinations: destinations.map(({ region, account }) => ({ region, registryId: account })),
  ...(prefixes.length > 0 && {
    repositoryFilters: prefixes.map((filter) => ({ filter, filterType: 'PREFIX_MATCH' })),
  }),
})

const inWords = ({ destinations, prefixes }: ReplicationRule): string =>
  `${prefixes.join(', ') || 'everything'} → ${destinations.map(nameOf).join(', ')}`

export const replication = registryRule({
  id: 'replication',
  severity: 'MEDIUM',
  summary: 'Images are replicated to where they are needed.',
  why: 'Where a region fails, only what has a replica elsewhere can still be started. Each destination in another account needs a registry policy that lets this one replicate.',
  see: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html',
  needs: ['replication'],
  parameters: {
    destinations: texts(DESTINATION, 'a region such as eu-west-1, or a region and an account: eu-west-1/123456789012', {
      about: 'Where images have to go; without an account, to the same one.',
      example: '[eu-west-1]',
    }),
    prefixes: texts(PREFIX, 'a prefix of repository names such as prod/', {
      about: 'Prefixes of the repositories that have to go there; without any, all of them.',
      default: [],
      example: '[prod/]',
    }),
  },
  judge({ replication: rules }, { destinations, prefixes }, { ref }) {
    const evidence = rules.slice(0, 10).map((rule) => ({ name: 'Replication', value: inWords(rule) }))
    const needed = destinations.map((text) => destinationOf(text, ref)).filter((one) => nameOf(one) !== nameOf(ref))
    if (needed.length === 0) return notApplicable('This registry is the destination.')
    // A rule without prefixes is the only one that covers every name, as only an empty prefix does.
    const wanted = prefixes.length > 0 ? prefixes : ['']
    const missing = needed.filter(
      (one) => !wanted.every((prefix) => rules.some((rule) => covers(rule, nameOf(one), prefix))),
    )
    if (missing.length === 0) return pass('Images are replicated to every destination.', evidence)
    const added = [...rules, { destinations: missing, prefixes }].map(asInput)
    const fix = {
      text: `Add a replication rule to ${missing.map(nameOf).join(', ')}; images that are there already are not replicated by it.`,
      command: awsCommand('PutReplicationConfiguration', { replicationConfiguration: { rules: added } }, ref.region),
      cdk: 'CfnReplicationConfiguration: replicationConfiguration.rules',
    }
    const what = prefixes.length > 0 ? `what begins with ${prefixes.join(', ')}` : 'every repository'
    return fail(`No rule replicates ${what} to ${missing.map(nameOf).join(', ')}.`, fix, evidence)
  },
})
