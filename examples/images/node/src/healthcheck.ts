// For HEALTHCHECK: the image has neither curl nor wget.
const answer = await fetch(`http://127.0.0.1:${process.env.PORT ?? 8080}/health`, {
  signal: AbortSignal.timeout(2_000),
})
process.exit(answer.ok ? 0 : 1)
