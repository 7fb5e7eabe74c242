import { VERSION } from '../version.ts'
import { type Finding, findingsOf } from './finding.ts'

const tool = findingsOf('tool')
const configuration = findingsOf('configuration')

/** As package.json says under `engines`, of which the bundle keeps the version alone. */
export const OLDEST = 20

const KNOWN: readonly string[] = ['ECR_STEWARD_CONFIG']

/** This program and what it runs on. @param node `24.9.0` */
export function toolFindings(node: string = process.versions.node): readonly Finding[] {
  const ours = tool.ok('ecr-steward', `version ${VERSION}`)
  if (Number.parseInt(node, 10) >= OLDEST) return [ours, tool.ok('Node', `version ${node}`)]
  const found = `version ${node}, and it takes ${OLDEST} or newer`
  return [ours, tool.problem('Node', found, { text: 'Install one that is maintained: https://nodejs.org/en/download' })]
}

/** Variables that look like ours and are not: a misspelt one has no effect, and says nothing. */
export const environmentFindings = (env: NodeJS.ProcessEnv): readonly Finding[] =>
  Object.keys(env)
    .filter((name) => name.startsWith('ECR_STEWARD_') && !KNOWN.includes(name))
    .toSorted()
    .map((name) =>
      configuration.warning(name, 'it is set, and nothing reads it', {
        text: `These are read: ${KNOWN.join(', ')}.`,
        command: 'ecr-steward help environment',
      }),
    )
