import type { Alert, AlertItem } from './alert.ts'
import { type AlertContent, envelope, type Telling } from './compose.ts'
import { type Subject, shortName } from './registry.ts'
import { awsCommand } from './rule/aws-command.ts'

/** A repository whose images are scanned less than before; frequencies as ECR spells them. */
export type WeakenedScanning = { readonly repository: string; readonly was: string; readonly is: string }

/** Something of the registry that did not work, or works less than before. All of it comes from outside. */
export type Incident =
  /** The subject of the telling is the image where it was pushed. */
  | {
      readonly kind: 'replication-failed'
      readonly destination: { readonly account: string; readonly region: string }
    }
  /** The subject is the repository of the cache, with the tag that was asked for. */
  | {
      readonly kind: 'cache-failed'
      /** Host of the upstream registry. */
      readonly upstream: string
      /** Of the rule: `docker-hub`. */
      readonly prefix?: string | undefined
      /** As ECR says it: `UpstreamTooManyRequests`, with a sentence. */
      readonly code?: string | undefined
      readonly why?: string | undefined
    }
  | { readonly kind: 'scanning-weakened'; readonly repositories: readonly WeakenedScanning[] }

type Content = Omit<AlertContent, 'kind' | 'omitted' | 'items'> & { readonly items?: AlertItem[] }

type Of<K extends Incident['kind']> = Extract<Incident, { kind: K }>

const placeOf = (subject: Subject, { account, region }: Of<'replication-failed'>['destination']): string =>
  account === subject.account ? region : `${region} of ${account}`

function replicationFailed({ subject }: Telling, { destination }: Of<'replication-failed'>): Content {
  const place = placeOf(subject, destination)
  const { repository: repositoryName, digest: imageDigest, region, account } = subject
  const isForeign = destination.account !== account
  const cause = isForeign
    ? `Let the registry policy of ${destination.account} in ${destination.region} allow ecr:ReplicateImage and ecr:CreateRepository to ${account}`
    : 'Ask ECR for the reason, and mend it'
  return {
    severity: 'HIGH',
    title: `Replication of ${shortName(subject)} to ${place} failed`,
    summary: `Whoever pulls it in ${place} gets an older image, or none.`,
    todo: `${cause}; then push the image again, for ECR does not try again by itself.`,
    command: awsCommand('DescribeImageReplicationStatus', { repositoryName, imageId: { imageDigest } }, region),
    facts: [
      { name: 'From', value: region },
      { name: 'To', value: place },
    ],
  }
}

function cacheFailed({ subject }: Telling, { upstream, prefix, code, why }: Of<'cache-failed'>): Content {
  return {
    severity: 'MEDIUM',
    title: `Pull-through cache of ${shortName(subject)} failed`,
    summary: `ECR could not bring it from ${upstream}${code ? `: ${code}` : ''}.`,
    todo: 'Check that the upstream answers, and that it takes the credentials of the rule. What is in the cache can still be pulled.',
    ...(prefix && {
      command: awsCommand('ValidatePullThroughCacheRule', { ecrRepositoryPrefix: prefix }, subject.region),
    }),
    facts: [{ name: 'Upstream', value: upstream }, ...(why ? [{ name: 'ECR says', value: why.slice(0, 500) }] : [])],
  }
}

/** What is lost with the frequency that holds now. */
const LOSSES: Readonly<Record<string, string>> = {
  MANUAL: 'What is pushed is no longer scanned by itself.',
  SCAN_ON_PUSH: 'Images are scanned when they are pushed, and not again when new vulnerabilities become known.',
}

const arrow = ({ was, is }: WeakenedScanning): string => `${was} → ${is}`

function scanningWeakened({ subject }: Telling, { repositories }: Of<'scanning-weakened'>): Content {
  const [only] = repositories
  const worst = repositories.find(({ is }) => is === 'MANUAL') ?? only
  return {
    severity: 'HIGH',
    title:
      only && repositories.length === 1
        ? `Scanning weakened in ${only.repository}: ${arrow(only)}`
        : `Scanning weakened in ${repositories.length} repositories`,
    summary: LOSSES[worst?.is ?? ''] ?? 'Images are scanned less often than before.',
    todo: 'If nobody meant it, put the scanning rules of the registry back.',
    command: awsCommand('GetRegistryScanningConfiguration', {}, subject.region),
    items: repositories.map((one) => ({
      id: one.repository,
      severity: 'HIGH',
      change: 'new',
      subject: one.repository,
      text: arrow(one),
      notes: [],
    })),
  }
}

const contentOf = (telling: Telling, incident: Incident): Content => {
  if (incident.kind === 'replication-failed') return replicationFailed(telling, incident)
  return incident.kind === 'cache-failed' ? cacheFailed(telling, incident) : scanningWeakened(telling, incident)
}

/** Repositories that a message carries; more are counted, not listed. */
const ITEMS = 200

/** The alert on something that ECR did not do, or does less than before. */
export function composeIncident(telling: Telling, incident: Incident): Alert {
  const { items = [], ...content } = contentOf(telling, incident)
  return envelope(
    telling,
    {
      ...content,
      kind: incident.kind,
      items: items.slice(0, ITEMS),
      omitted: Math.max(0, items.length - ITEMS),
    },
    [telling.events, incident],
  )
}
