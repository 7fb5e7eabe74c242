/** What the page may build; nothing that comes from outside chooses among them. */
export type Tag =
  | 'a'
  | 'article'
  | 'b'
  | 'blockquote'
  | 'br'
  | 'code'
  | 'div'
  | 'h3'
  | 'header'
  | 'hr'
  | 'i'
  | 'img'
  | 'mark'
  | 'p'
  | 'pre'
  | 's'
  | 'span'
  | 'time'

/** A piece of the page as data: the browser makes elements and text nodes of it, never markup. */
export type Node =
  | string
  | {
      readonly tag: Tag
      readonly className?: string
      /** Of links, http or https. */
      readonly href?: string
      /** Of the bar beside an attachment: `#rrggbb`. */
      readonly color?: string
      readonly title?: string
      readonly children?: readonly Node[]
    }
