import type { FindingSeverity } from '@aws-sdk/client-ecr'

/** One vulnerability in one package of a seeded image, as both scanners' findings are made from it. */
export type SeedFinding = {
  readonly id: string
  readonly severity: FindingSeverity
  /** CVSS. */
  readonly score: number
  readonly epss?: number | undefined
  readonly exploit: boolean
  readonly package: string
  readonly installed: string
  readonly fixed?: string | undefined
  /** Name of the layer that brings the package. */
  readonly layer: string
}

const optional = (text: string | undefined): string | undefined => (text === '-' ? undefined : text)

function toFinding(line: string): SeedFinding {
  const [id = '', severity = '', score = '', epss = '', name = '', installed = '', fixed, layer = ''] =
    line.split(/\s+/)
  return {
    id,
    severity: severity as FindingSeverity,
    score: Number(score),
    epss: epss.startsWith('-') ? undefined : Number(epss.replace('!', '')),
    exploit: epss.endsWith('!'),
    package: name,
    installed,
    fixed: optional(fixed),
    layer,
  }
}

/**
 * Findings from a table of lines `id severity CVSS EPSS package installed fixed layer`. A dash stands for what is not
 * known, a `!` after EPSS for a known exploit.
 */
export const table = (text: string): readonly SeedFinding[] =>
  text
    .trim()
    .split('\n')
    .map((line) => toFinding(line.trim()))
