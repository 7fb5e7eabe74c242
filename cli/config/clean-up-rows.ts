import type { StewardConfig } from '../../config/load.ts'
import type { CleanUpPolicy } from '../../functions/domain/clean-up/policy.ts'
import type { Pin } from '../../functions/domain/in-use/use.ts'
import { matches } from '../../functions/domain/pattern.ts'
import type { Row } from '../table.ts'

const means = (patterns: readonly string[], repository: string): boolean =>
  patterns.some((pattern) => matches(pattern, repository))

/** The entry that decides what goes from the repository. */
function policyRow({ entries, mode }: CleanUpPolicy, repository: string): readonly Row[] {
  const entry = entries.find(({ repositories }) => means(repositories, repository))
  if (!entry) return []
  const { line, policy, rules } = entry
  return [
    [
      { text: `line ${line}`, format: 'dim' },
      { text: policy, format: 'bold' },
      { text: mode, ...(mode === 'dry-run' && { format: 'dim' as const }) },
      { text: `${rules.length} ${rules.length === 1 ? 'rule' : 'rules'}` },
    ],
  ]
}

const pinRow = ({ line, tags = [], digests = [], reason }: Pin): Row => [
  { text: `line ${line}`, format: 'dim' },
  { text: [...tags, ...digests].join(', '), format: 'bold' },
  { text: 'pinned' },
  { text: reason },
]

/** What the clean-up goes by in a repository: the policy of the entry that decides, and the pins that hold there. */
export function cleanUpRows({ cleanUp }: StewardConfig, repository: string): readonly Row[] {
  if (!cleanUp) return []
  const pins = cleanUp.inUse.pins.filter(({ repositories }) => means(repositories, repository))
  return [...policyRow(cleanUp, repository), ...pins.map(pinRow)]
}
