/** The little of the browser that the script of the page uses. The types of all of it would be global in every file. */
export type Element = {
  readonly dataset: Record<string, string | undefined>
  readonly classList: { toggle(name: string, force: boolean): void }
  readonly parentElement: Element | null
  value: string
  hidden: boolean
  textContent: string | null
  open: boolean
  setAttribute(name: string, value: string): void
  removeAttribute(name: string): void
  append(...nodes: (Element | string)[]): void
  replaceChildren(...nodes: (Element | string)[]): void
  querySelector(selector: string): Element | null
  querySelectorAll(selector: string): Iterable<Element>
  addEventListener(type: string, listener: (event: { readonly target: unknown }) => void, capture?: boolean): void
  scrollIntoView(): void
  focus(): void
}

export type Document = {
  createElement(tag: string): Element
  getElementById(id: string): Element | null
}

export type Window = {
  readonly location: { readonly hash: string }
  readonly history: { replaceState(state: null, unused: string, url: string): void }
  addEventListener(type: string, listener: () => void): void
  setTimeout(callback: () => void, ms: number): number
  clearTimeout(id: number | undefined): void
}
