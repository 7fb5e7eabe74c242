// Loads a bundle as Lambda does, and hands it one batch: node invoke.cjs BUNDLE BATCH.json
const { readFileSync } = require('node:fs')

const [, , bundle, batch] = process.argv
const { handler } = require(bundle)
const context = { getRemainingTimeInMillis: () => 60_000 }
handler(JSON.parse(readFileSync(batch, 'utf8')), context).then(({ batchItemFailures }) => {
  if (batchItemFailures.length > 0) process.exit(1)
})
