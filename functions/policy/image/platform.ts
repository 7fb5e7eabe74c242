import { type Json, textIn, unreadable } from './json.ts'

/** Of an operating system, an architecture or a variant. */
const PART = /^[\w.-]{1,40}$/

/** Variants that every processor of the architecture has: they go without saying. */
const PLAIN: ReadonlySet<string> = new Set(['amd64/v1', 'arm64/v8'])

/**
 * `linux/arm64`, `linux/arm/v7`, written as the runtimes write it.
 * @param what `its manifest`
 * @throws {Unreadable} where it names none
 * @see https://github.com/containerd/platforms
 */
export function platformIn(json: Json, what: string): string {
  const [os = '', architecture = '', variant = ''] = ['os', 'architecture', 'variant'].map((name) =>
    textIn(json, name, what),
  )
  const parts = [os, architecture, ...(variant ? [variant] : [])]
  if (!parts.every((part) => PART.test(part))) throw unreadable(`${what} names a platform that is none`)
  if (PLAIN.has(`${architecture}/${variant}`)) return `${os}/${architecture}`
  return architecture === 'arm' && !variant ? `${os}/arm/v7` : parts.join('/')
}
