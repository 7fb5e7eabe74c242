import { faultText } from '../../config/fault.ts'
import { parseConfig } from '../../config/parse.ts'
import type { ReadFile } from '../../config/policy-files.ts'
import type { StewardConfig } from '../../config/steward-config.ts'

export const NOW = new Date('2026-11-20T09:00:00Z')

/** A lifecycle policy of one rule. */
export const POLICY = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 10 },
      action: { type: 'expire' },
    },
  ],
})

/** Whatever file is named: it holds the policy. */
export const policyFile: ReadFile = () => ({ text: POLICY })

/** The configuration and the warnings of a valid file. @throws {Error} with the faults of another */
export function parsed(text: string, now = NOW): { config: StewardConfig; warnings: string[] } {
  const result = parseConfig(text, 'steward.yaml', now, policyFile)
  if ('faults' in result) throw new Error(result.faults.map(faultText).join('\n'))
  return { config: result.config, warnings: result.warnings.map(faultText) }
}

/** The faults of a file, as they are printed. */
export function faults(text: string, readFile = policyFile): string[] {
  const result = parseConfig(text, 'steward.yaml', NOW, readFile)
  return 'faults' in result ? result.faults.map(faultText) : []
}

/** A whole file around one section: all alerts go to the topic. */
export const around = (section: string): string => `alerts: [{ repositories: ["**"], to: [sns] }]\n${section}`
