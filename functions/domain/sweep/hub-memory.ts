import * as v from 'valibot'
import { SEVERITIES } from '../severity.ts'

const ImportedSchema = v.object({
  id: v.string(),
  generator: v.string(),
  severity: v.picklist(SEVERITIES),
  title: v.string(),
  resource: v.object({
    type: v.picklist(['AwsEcrContainerImage', 'AwsEcrRepository', 'Other']),
    id: v.string(),
    region: v.string(),
  }),
  /** ISO 8601 instants. */
  createdAt: v.string(),
  sentAt: v.string(),
  /** What it is recognised by when it is to be sent again. */
  content: v.string(),
})

const MemorySchema = v.object({ version: v.literal(1), findings: v.array(ImportedSchema) })

/** A finding that was sent to Security Hub and is not archived: what it takes to archive it, and to see whether it is another one now. */
export type Imported = v.InferOutput<typeof ImportedSchema>

/** What findings are made for. */
export type HubContext = {
  /** Of the Security Hub. An account may send findings of its own alone, so those on other accounts bear its number too. */
  readonly account: string
  readonly region: string
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string
  readonly now: Date
  /** Of the registry; under enhanced scanning Inspector sends vulnerabilities itself. Undefined where it could not be read. */
  readonly scanning: 'BASIC' | 'ENHANCED' | undefined
  /** What was sent of this record and is not archived. */
  readonly previous: readonly Imported[]
}

/** What was sent, as a text of the store. What cannot be read is as if nothing had been sent: all is sent once more. */
export function parseMemory(text: string | undefined): readonly Imported[] {
  try {
    const read = v.safeParse(MemorySchema, JSON.parse(text ?? '{}'))
    return read.success ? read.output.findings : []
  } catch {
    return []
  }
}

export const memoryText = (findings: readonly Imported[]): string => JSON.stringify({ version: 1, findings })
