import { type Html, html, ours } from './html.ts'
import type { View } from './view.ts'

/** The markup of a view. Names of elements and attributes are of this project, all values are escaped. */
export function drawn(view: View): Html {
  if (typeof view === 'string') return html`${view}`
  const [tag, attributes, ...children] = view
  const name = ours(tag)
  const pairs = Object.entries(attributes).map(([key, value]) => html` ${ours(key)}="${value}"`)
  return html`<${name}${pairs}>${children.map(drawn)}</${name}>`
}
