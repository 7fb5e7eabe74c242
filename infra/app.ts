import { join } from 'node:path'
import { App, Tags, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import { ConfigError, loadConfig, type StewardConfig } from '../config/load.ts'
import { StewardStack } from './steward-stack.ts'

/** A fault in `steward.yaml` is the reader's to mend: its lines, no stack. */
function configOrExit(): StewardConfig {
  try {
    return loadConfig(join(import.meta.dirname, '../steward.yaml'))
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    console.error(error.message)
    process.exit(1)
  }
}

const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env

const app = new App()
new StewardStack(app, 'Steward', {
  config: configOrExit(),
  ...(account && region ? { env: { account, region } } : {}),
})
Tags.of(app).add('application', 'ecr-steward')
Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
app.synth()
