import type { Format } from './format.ts'

type Written = { readonly format: Format }

/** Every format, by the name that `--output` takes: a new one is its file in `formats/` and a line here. Loaded when it is asked for. */
export const FORMATS: Readonly<Record<string, () => Promise<Written>>> = {
  table: () => import('./formats/table.ts'),
  markdown: () => import('./formats/markdown.ts'),
  html: () => import('./formats/html.ts'),
  json: () => import('./formats/json.ts'),
  ndjson: () => import('./formats/ndjson.ts'),
  csv: () => import('./formats/csv.ts'),
  junit: () => import('./formats/junit.ts'),
  sarif: () => import('./formats/sarif.ts'),
}
