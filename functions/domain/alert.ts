import * as v from 'valibot'
import { SEVERITIES } from './severity.ts'

/**
 * What a person is told, in one versioned shape: published on SNS, rendered by `notify`, read by whoever subscribes.
 * The JSON Schema in `docs/alert.schema.json` is generated from here. Within a version fields are only added: a reader
 * ignores those that it does not know.
 */
const severity = v.picklist(SEVERITIES)
const httpsUrl = v.pipe(v.string(), v.startsWith('https://'))

/** One line of the alert: a finding, a failed rule, an image of a plan, a point of a digest. */
const AlertItemSchema = v.object({
  /** `CVE-2026-1234`, a rule name, … */
  id: v.string(),
  /** What could not be judged has none: `UNDEFINED`. */
  severity,
  /** Against what was told before about the same subject; `excepted`: somebody has agreed to live with it. */
  change: v.picklist(['new', 'known', 'gone', 'excepted']),
  /** What it is about: a package, a repository, …; of a digest, the heading that it stands under. */
  subject: v.string(),
  /** One line: `3.0.1 → 3.0.15`, or a reason in words. */
  text: v.string(),
  /** Short extras: `CVSS 9.8`, `EPSS 12 %`, `exploit known`, `in use`; what a verdict rests on. */
  notes: v.array(v.string()),
  url: v.optional(httpsUrl),
  /** One sentence on how to mend it. */
  fix: v.optional(v.string()),
  /** A line for a shell that mends it. */
  command: v.optional(v.string()),
  /** The property of a CDK construct that mends it. */
  cdk: v.optional(v.string()),
})

/** What happened, by what has to be done about it. */
export const KINDS = [
  'vulnerabilities',
  'scan-failed',
  'policy',
  'enforcement',
  'replication-failed',
  'cache-failed',
  'scanning-weakened',
  'clean-up',
  'expiring-in-use',
  'package-found',
  'digest',
] as const

export const AlertSchema = v.object({
  version: v.literal(1),
  /** The same for a repeated delivery of the same alert, so that a consumer can drop it. */
  id: v.string(),
  kind: v.picklist(KINDS),
  /** Of the worst item that is open; `UNDEFINED` where nothing is known, `INFORMATIONAL` where nothing is left to do. */
  severity,
  title: v.string(),
  /** One sentence on what happened: `+2 new, −5 fixed, 12 known`. */
  summary: v.string(),
  /** An image, a repository, or the registry where neither is named. All fields come from outside: escape where shown. */
  subject: v.object({
    account: v.string(),
    region: v.string(),
    repository: v.optional(v.string()),
    digest: v.optional(v.string()),
    tags: v.array(v.string()),
  }),
  facts: v.array(v.object({ name: v.string(), value: v.string() })),
  /** Of everything found, whatever the threshold. */
  counts: v.optional(v.record(severity, v.number())),
  /** New before known before excepted before gone, worst first in each; of a digest, what has to be decided first. */
  items: v.array(AlertItemSchema),
  /** Items left out to keep the message within its limits. */
  omitted: v.number(),
  /** One sentence on what to do. */
  todo: v.string(),
  /** A line to copy into a shell: `docker pull …@sha256:…`. */
  command: v.optional(v.string()),
  links: v.array(v.object({ text: v.string(), url: httpsUrl })),
  /** What the reader must know about this message itself: what could not be read, what was shortened. */
  notices: v.array(v.string()),
  /** Names under `channels` in `steward.yaml` that get this alert on Slack. */
  channels: v.array(v.string()),
  /** ISO 8601 instant. */
  createdAt: v.string(),
  /** Ids of the EventBridge events that caused it. */
  events: v.array(v.string()),
})

export type Alert = v.InferOutput<typeof AlertSchema>
export type AlertItem = v.InferOutput<typeof AlertItemSchema>
export type AlertKind = Alert['kind']
