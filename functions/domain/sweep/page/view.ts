/** Elements that a view may name. Nothing from outside chooses among them. */
export type Tag =
  | 'a'
  | 'bdi'
  | 'caption'
  | 'code'
  | 'details'
  | 'div'
  | 'h3'
  | 'h4'
  | 'li'
  | 'p'
  | 'pre'
  | 'span'
  | 'summary'
  | 'table'
  | 'tbody'
  | 'td'
  | 'th'
  | 'thead'
  | 'tr'
  | 'ul'

/**
 * A piece of the page as data. The page is written of it (`drawn`), and the script in the page makes elements and text nodes
 * of it, so that what is drawn later is the same, and is never markup either.
 */
export type View = string | readonly [tag: Tag, attributes: Readonly<Record<string, string>>, ...children: View[]]
