import type { GateResult } from '../../../functions/domain/gate/result.ts'
import type { Format } from '../format.ts'
import { askedTexts, closesText, headline, imageText, movedText, otherReasons, upgradeText } from '../words.ts'
import { type Case, casesOf, type Said } from './junit/cases.ts'
import { element, lines } from './junit/xml.ts'

/** The reason of what is skipped is its text: its schema knows no attribute, and Jenkins reads both. */
function saidElement({ kind, type, message, more }: Said): string {
  if (kind === 'skipped') return element(kind, {}, lines([message]))
  return element(kind, { type, message }, lines([message, ...more]))
}

const caseElement = ({ name, said }: Case, classname: string): string =>
  element('testcase', { name, classname, time: 0 }, said ? saidElement(said) : '')

const property = (name: string, value: string): string => element('property', { name, value }, '')

const propertiesOf = ({ image, verdict, judgedAt }: GateResult): string =>
  [
    ...[property('image', image.uri), property('digest', image.digest), property('tags', image.tags.join(', '))],
    ...[property('pushedAt', image.pushedAt), property('judgedAt', judgedAt), property('verdict', verdict)],
  ].join('')

/** What a person reads first, and what to do. */
function summaryOf(result: GateResult): readonly string[] {
  const { word, text } = headline(result)
  const moved = movedText(result)
  return [
    `${word} ${text}`,
    ...otherReasons(result),
    ...[imageText(result), ...askedTexts(result), ...(moved === undefined ? [] : [moved])],
    ...result.upgrades.map((upgrade) => `${upgradeText(upgrade)}: ${closesText(upgrade)}`),
  ]
}

/** Counts as Ant has them; it knows nothing of what is skipped, so that where nothing is nothing is said of it. */
function suiteAttributes({ image, judgedAt }: GateResult, cases: readonly Case[]) {
  const count = (kind: Said['kind']): number => cases.filter(({ said }) => said?.kind === kind).length
  const { repository, tag, digest, uri } = image
  const name = `${repository}${tag === undefined ? `@${digest}` : `:${tag}`}`
  return {
    ...{ id: 0, package: repository, name, hostname: uri.split('/')[0]?.trim() || 'localhost' },
    ...{
      tests: cases.length,
      failures: count('failure'),
      errors: count('error'),
      skipped: count('skipped') || undefined,
    },
    ...{ time: 0, timestamp: new Date(judgedAt).toISOString().slice(0, 19) },
  }
}

/**
 * JUnit's XML as Jenkins reads it, and CodeBuild: one suite for the image. Where nothing is skipped it is also as Ant has it.
 * @see https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/test-report.html
 */
export const format: Format = (result) => {
  const cases = casesOf(result)
  const content = [
    element('properties', {}, propertiesOf(result)),
    ...cases.map((one) => caseElement(one, result.image.repository)),
    element('system-out', {}, lines(summaryOf(result))),
    element('system-err', {}, ''),
  ]
  const suite = element('testsuite', suiteAttributes(result, cases), `\n${content.join('\n')}\n`)
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', {}, `\n${suite}\n`)}\n`
}
