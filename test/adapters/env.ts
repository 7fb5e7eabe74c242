import type { LocalAws } from '../../local/aws/server.ts'

/** The environment of a function that calls the local AWS. */
export const envOf = ({ region, url }: LocalAws): NodeJS.ProcessEnv => ({
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: 'x',
  AWS_SECRET_ACCESS_KEY: 'y',
  AWS_ENDPOINT_URL: url,
})
