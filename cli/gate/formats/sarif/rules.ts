import type { GateResult, GateRule } from '../../../../functions/domain/gate/result.ts'
import { code, words } from '../../../../functions/domain/markdown.ts'
import type { Descriptor, Entry, Part } from './entry.ts'
import { securitySeverity } from './security-severity.ts'
import { agreement, imageName, plain, sentence } from './texts.ts'

const isExcepted = ({ exception }: GateRule): boolean => exception?.state === 'excepted'

function entryOf(verdict: GateRule, { image }: GateResult): Entry {
  const { rule, outcome, reason, fix, exception, severity, line, evidence } = verdict
  const said = outcome === 'unknown' ? ' could not be judged' : ''
  return {
    id: plain(rule),
    level: isExcepted(verdict) ? 'note' : 'error',
    text: [
      `${plain(rule)}${said} of image ${imageName(image)}: ${sentence(reason)}`,
      ...(fix ? [sentence(fix.text)] : []),
      ...(exception
        ? [`${isExcepted(verdict) ? 'Excepted' : 'The exception has expired'}: ${agreement(exception)}.`]
        : []),
    ].join(' '),
    key: ['rule', rule],
    excepted: isExcepted(verdict) ? exception : undefined,
    unjudged: outcome === 'unknown' && !isExcepted(verdict),
    properties: {
      ...{ severity, outcome, line },
      evidence: evidence.map(({ name, value }) => ({ name: plain(name), value: plain(value) })),
    },
  }
}

function descriptorOf({ rule, severity, outcome, fix }: GateRule): Descriptor {
  const { text = 'See what the verdict rests on.', command, cdk } = fix ?? {}
  const explain = `ecr-steward explain ${plain(rule)}`
  const lines = [...(command === undefined ? [] : [plain(command)]), ...(cdk === undefined ? [] : [plain(cdk)])]
  return {
    id: plain(rule),
    short: `Rule ${plain(rule)} of steward.yaml`,
    full: `The rule ${plain(rule)} of steward.yaml. ${explain} says why it is asked for.`,
    help: [plain(text), ...lines, explain].join('\n'),
    markdown: [words(text), ...[...lines, explain].map(code)].join('\n\n'),
    ...(outcome === 'fail' && { securitySeverity: securitySeverity(severity, undefined) }),
  }
}

/** Rules that fail or could not be judged, those that are excepted too. */
export function rulesPart(result: GateResult): Part {
  const rules = result.rules.filter(({ outcome }) => outcome === 'fail' || outcome === 'unknown')
  return { entries: rules.map((verdict) => entryOf(verdict, result)), descriptors: rules.map(descriptorOf) }
}
