import { InvalidArgumentError } from 'commander'
import { AWS_OPTIONS } from '../aws/aws-options.ts'
import { CONFIG_OPTION } from '../configuration-option.ts'
import { choice, duration, flag, type Option, text, texts, type Values } from '../option.ts'

/** A number of findings, or no limit. */
export type Most = number | 'any' | undefined

function mostFrom(given: string): Most {
  if (given === 'any') return 'any'
  if (/^\d{1,9}$/.test(given)) return Number(given)
  throw new InvalidArgumentError('Expected a whole number, or any.')
}

const most = (severity: string, otherwise: string): Option<Most> => ({
  flags: `--max-${severity} <N>`,
  about: `How many ${severity} findings there may be, or any. Otherwise as steward.yaml has it, or ${otherwise}.`,
  otherwise: undefined,
  read: mostFrom,
})

const HOUR = 3_600_000
/** Milliseconds: enhanced scanning takes minutes for the first scan of an image. */
export const TIMEOUT = 600_000

/** What `gate` and `scan` take alike. */
const COMMON = {
  timeout: duration(
    '--timeout <TIME>',
    'How long the image and its scan may take to be there: 90s, 10m, 1h. Otherwise 10m.',
    HOUR,
  ),
  output: texts(
    '-o, --output <FORMAT[=FILE]>',
    'table, json, ndjson, sarif, junit, markdown, html or csv, into a file where one is named. May be given several times: the image is judged once. Otherwise table.',
  ),
  noCi: flag('--no-ci', 'In GitHub Actions, write neither job summary nor annotations.'),
  ...CONFIG_OPTION,
  region: AWS_OPTIONS.region,
  profile: AWS_OPTIONS.profile,
  verbose: AWS_OPTIONS.verbose,
}

export const GATE_OPTIONS = {
  maxCritical: most('critical', '0'),
  maxHigh: most('high', '0'),
  maxMedium: most('medium', 'any'),
  maxLow: most('low', 'any'),
  maxInformational: most('informational', 'any'),
  maxUndefined: most('undefined', 'any'),
  fixableOnly: flag(
    '--fixable-only',
    'Count those alone that a newer version fixes. Basic scanning does not say which these are: all count then.',
  ),
  newSince: text(
    '--new-since <TAG|DIGEST>',
    'Count those alone that this image of the same repository does not have. Otherwise all.',
  ),
  rules: flag('--rules', 'Judge the rules on images in steward.yaml too: root user, secrets, size, labels, …'),
  startScan: flag('--start-scan', 'Start a basic scan where there is none.'),
  onUnknown: choice(
    '--on-unknown <WORD>',
    'What becomes of an image whose findings are not known: fail or pass. Otherwise fail.',
    ['fail', 'pass'],
  ),
  digestFile: text(
    '--digest-file <FILE>',
    'Write the digest of what was judged there, for the deploy step; only where it passes. Otherwise nowhere.',
  ),
  ...COMMON,
}

export const SCAN_OPTIONS = COMMON

export type GateOptions = Values<typeof GATE_OPTIONS>
export type ScanOptions = Values<typeof SCAN_OPTIONS>
