import { parseArgs } from 'node:util'
import { type LocalAws, startLocalAws } from './aws/server.ts'
import { createClock } from './clock.ts'
import { deployFiles, parametersOf } from './deploy-file.ts'
import { portOf } from './port.ts'
import { seed } from './seed/seed.ts'
import { run, usageError } from './user-error.ts'

const HELP = `Keeps the emulated AWS up on 127.0.0.1, with a small registry and what runs its images in it, for the AWS
CLI or any SDK.

  npm run local                  on port 4566
  npm run local -- --port N      on another one; 0 is any
  npm run local -- --empty       with nothing in it
  npm run local -- --template FILE…
                                 with a stack of CloudFormation: cdk.out/Shop.template.json, or another one in JSON;
                                 several are deployed in this order
      --parameter NAME=VALUE     of the templates that have it; again for each. Otherwise its default

Then, from another terminal:
  AWS_ENDPOINT_URL=http://127.0.0.1:4566 AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x AWS_DEFAULT_REGION=ap-northeast-1 \\
    aws ecr describe-repositories
`

function readOptions() {
  try {
    return parseArgs({
      options: {
        port: { type: 'string', default: '4566' },
        empty: { type: 'boolean', default: false },
        template: { type: 'string', multiple: true, default: [] },
        parameter: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values
  } catch (error) {
    throw usageError(error, 'npm run local')
  }
}

async function main(): Promise<void> {
  const { port, empty, help, template, parameter } = readOptions()
  if (help) return console.log(HELP)
  const parameters = parametersOf(parameter)
  const aws = await startLocalAws({ port: portOf(port), clock: createClock() })
  try {
    if (!empty) await seed(aws, Date.now())
    const end = await deployFiles(aws, template, parameters)
    await stayUp(aws)
    await end()
  } finally {
    await aws.close()
  }
}

async function stayUp(aws: LocalAws): Promise<void> {
  console.log(`Local AWS on ${aws.url} (account ${aws.account}, ${aws.region}). Ctrl-C ends it.`)
  console.log(`Try: AWS_ENDPOINT_URL=${aws.url} aws ecr describe-repositories --region ${aws.region}`)
  await new Promise((resolve) => {
    process.once('SIGINT', resolve)
    process.once('SIGTERM', resolve)
  })
}

await run(main)
