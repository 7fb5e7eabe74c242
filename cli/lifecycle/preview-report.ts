import type { Missing } from '../check/subjects.ts'
import type { Io } from '../io.ts'
import { columnsOf, oneLine, painter } from '../terminal.ts'
import { nameText } from './look.ts'
import { entryJson, oneJson, SEVERAL_HEAD, severalTail } from './preview-json.ts'
import { previewTabs } from './preview-tabs.ts'
import { previewText } from './preview-terminal.ts'
import type { Previewed } from './previewed.ts'
import { writeParts } from './write-parts.ts'

/** Where previews go, one after another. */
export type PreviewReport = {
  add(previewed: Previewed): Promise<void>
  end(missing: readonly Missing[]): void
}

function jsonReport({ stdout }: Io, isOne: boolean): PreviewReport {
  if (isOne) return { add: (previewed) => writeParts(stdout, oneJson(previewed)), end: () => {} }
  let before = SEVERAL_HEAD
  return {
    async add(previewed) {
      stdout.write(before)
      await writeParts(stdout, entryJson(previewed))
      before = ','
    },
    end: (missing) => void stdout.write((before === SEVERAL_HEAD ? before : '') + severalTail(missing)),
  }
}

function terminalReport({ stdout }: Io): PreviewReport {
  const look = { paint: painter(stdout), width: columnsOf(stdout) }
  let between = ''
  return {
    async add(previewed) {
      stdout.write(between + previewText(previewed, look))
      between = '\n'
    },
    end: () => {},
  }
}

/** Differences are no rows of the table: they are told beside it. */
function tabReport({ stdout, stderr }: Io): PreviewReport {
  return {
    async add(previewed) {
      await writeParts(stdout, previewTabs(previewed))
      for (const { digest, tags, ours, native } of previewed.differences ?? []) {
        const marks = `here ${ours.action} (rule ${ours.rule ?? 'none'}), ECR ${native.action} (rule ${native.rule ?? 'none'})`
        stderr.write(`difference: ${oneLine(nameText(digest, tags))} ${digest}: ${marks}\n`)
      }
    },
    end: () => {},
  }
}

/** @param isOne whether one repository, or files, were asked for: JSON has another shape for several */
export function previewReport(io: Io, json: boolean, isOne: boolean): PreviewReport {
  if (json) return jsonReport(io, isOne)
  return io.stdout.isTTY ? terminalReport(io) : tabReport(io)
}
