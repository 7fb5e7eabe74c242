import type { Endangered, GuardReport } from '../../functions/clean-up/guard.ts'
import { minute } from '../../functions/domain/compose.ts'
import { counted } from '../../functions/domain/counted.ts'
import type { Expiring } from '../../functions/domain/expiring-alert.ts'
import { listed } from '../../functions/domain/listed.ts'
import { awsCommand } from '../../functions/domain/rule/aws-command.ts'
import type { Missing } from '../check/subjects.ts'
import type { Exit } from '../exit.ts'
import { tableLines } from '../table.ts'
import { oneLine, wrap } from '../terminal.ts'
import { indented, type Look, more } from './going-lines.ts'
import { imageName, withShortDigests } from './words.ts'

export type Guarded = {
  readonly report: GuardReport
  /** Why the inventory is not complete. */
  readonly blocks: readonly string[]
  readonly missing: readonly Missing[]
  readonly now: Date
  /** Looked ahead. */
  readonly days: number
  readonly region: string
}

/** Of each list, what is shown; the rest is counted. */
const MOST = 20
const MOST_USERS = 3

/** ECR acts within a day of the condition: one that holds, or depends on no day, can be acted upon at any moment. */
const whenOf = ({ dueAt }: Expiring, now: Date): string =>
  dueAt === null || Date.parse(dueAt) <= now.getTime() ? 'at any moment' : `from ${minute(dueAt)}`

function imageRow(image: Expiring, now: Date) {
  const what = image.action === 'archive' ? 'goes to the archive' : 'expires'
  const users = `in use (${listed(image.usedBy, MOST_USERS)})`
  return [
    { text: imageName(image), format: 'bold' as const },
    { text: withShortDigests(`${what} ${whenOf(image, now)}; ${users}; ${image.reason}`) },
  ]
}

/** What has to be done: nothing of ours holds ECR back. */
function remedyLines({ repository, images, keeping }: Endangered, { region }: Guarded, { paint, width }: Look) {
  const { repository: repositoryName } = repository
  const untagged = images.filter(({ tags }) => tags.length === 0).length
  const command = (operation: string, input: Readonly<Record<string, string>>): string =>
    `${paint('dim', '$')} ${paint('cyan', oneLine(awsCommand(operation, { repositoryName, ...input }, region)))}`
  return [
    ...(keeping === undefined
      ? []
      : [
          ...wrap('→ The same policy, with a rule before the others for each of these tags:', width),
          command('PutLifecyclePolicy', { lifecyclePolicyText: keeping }),
        ]),
    ...(untagged > 0
      ? wrap(
          `→ No rule can name what has no tag: give ${untagged === 1 ? 'it' : 'these'} one, and its rule, or loosen the rule that takes ${untagged === 1 ? 'it' : 'them'}.`,
          width,
        )
      : []),
    ...wrap('→ Or stop ECR at once; what it prints is the policy, to be put back:', width),
    command('DeleteLifecyclePolicy', {}),
  ]
}

function repositoryLines(endangered: Endangered, guarded: Guarded, look: Look): readonly string[] {
  const { repository, images } = endangered
  const inner = { ...look, width: look.width - 2 }
  const rows = images.slice(0, MOST).map((image) => imageRow(image, guarded.now))
  const title = `${look.paint(['bold', 'red'], 'IN DANGER')}  ${look.paint('bold', oneLine(repository.repository))}`
  return [
    `${title}  ${counted(images.length, 'image')} in use`,
    ...indented([
      ...tableLines(rows, inner.width, look.paint),
      ...more(MOST, images, 'images'),
      ...remedyLines(endangered, guarded, inner),
    ]),
    '',
  ]
}

function unknownLines({ report, blocks }: Guarded, look: Look): readonly string[] {
  const rows = [
    ...blocks.map((why) => [{ text: 'what is in use' }, { text: why }]),
    ...report.unread.map(({ repository, why }) => [{ text: repository ?? 'everything else' }, { text: why }]),
  ]
  if (rows.length === 0) return []
  const title = `${look.paint(['bold', 'magenta'], 'NOT SEEN')}  Images may be in danger that are not listed here`
  return [
    title,
    ...indented([...tableLines(rows.slice(0, MOST), look.width - 2, look.paint), ...more(MOST, rows, 'lines')]),
    '',
  ]
}

function closingLine({ report, blocks, days }: Guarded): string {
  const { endangered, guarded, unread } = report
  const images = endangered.reduce((sum, one) => sum + one.images.length, 0)
  const looked = `${counted(guarded, 'repository', 'repositories')} with a lifecycle policy`
  const ahead = `within ${counted(days, 'day')}`
  if (images > 0) return `${counted(images, 'image')} in use may go ${ahead}, of ${looked}.`
  const seen = blocks.length + unread.length > 0 ? 'Of what could be seen, no' : 'No'
  return `${seen} image in use goes ${ahead}, of ${looked}.`
}

/** For a person: what is in danger, when, who uses it, and what keeps it. */
export function guardLines(guarded: Guarded, look: Look): readonly string[] {
  const { endangered } = guarded.report
  return [
    ...endangered.slice(0, MOST).flatMap((one) => repositoryLines(one, guarded, look)),
    ...(endangered.length > MOST ? [...more(MOST, endangered, 'repositories'), ''] : []),
    ...unknownLines(guarded, look),
    ...wrap(closingLine(guarded), look.width),
  ]
}

/** For other programs. */
export function guardJson({ report, blocks, missing, now, days }: Guarded, outcome: Exit) {
  return {
    ...{ schemaVersion: 1, guardedAt: now.toISOString(), withinDays: days, repositoriesWithPolicy: report.guarded },
    repositories: report.endangered.map(({ repository: { account, region, repository }, images, keeping = null }) => ({
      ...{ account, region, repository, policyThatKeeps: keeping },
      images: images.map(({ digest, tags, action, rule, reason, dueAt, usedBy }) => ({
        ...{ digest, tags, action, rule, reason, dueAt, usedBy },
      })),
    })),
    ...{ notSeen: [...blocks.map((why) => ({ repository: null, why })), ...report.unread], missing, outcome },
  }
}
