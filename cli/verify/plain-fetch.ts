/**
 * In the bundle it stands for `make-fetch-happen`, which brings a cache and proxies of its own, 800 KiB: of it TUF asks for one
 * GET in a time. What cannot be fetched is said, and the command may be run again.
 */
const plainFetch = (url: string, { headers, timeout }: { headers: Record<string, string>; timeout: number }) =>
  fetch(url, { headers, signal: AbortSignal.timeout(timeout) })

// biome-ignore lint/style/noDefaultExport: the package has one
export default plainFetch
