import { App, Tags, Validations } from 'aws-cdk-lib'
import featureFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' }
import { AwsSolutionsChecks } from 'cdk-nag'
import type { StewardConfig } from '../config/load.ts'
import { StewardStack } from './steward-stack.ts'

/**
 * Set here and not in cdk.json, so that the CDK's command line, the local run and the tests make the same template:
 * paths and assets are named in it, which `sam local` and the local run go by.
 */
const CONTEXT = {
  ...featureFlags,
  '@aws-cdk/core:target-partitions': ['aws', 'aws-cn', 'aws-us-gov'],
  'aws:cdk:enable-path-metadata': true,
  'aws:cdk:enable-asset-metadata': true,
}

/**
 * The app with its one stack, checked by cdk-nag when it is synthesised. The stack names no account and no region: one
 * template for all of them, and none is needed to make it.
 * @param outdir folder of the cloud assembly; by default what the CDK's command line asks for
 */
export function stewardApp(
  config: StewardConfig,
  outdir?: string,
): { readonly app: App; readonly stack: StewardStack } {
  const app = new App({ context: CONTEXT, analyticsReporting: false, outdir })
  const stack = new StewardStack(app, 'Steward', { config })
  // CloudFormation knows no tags of a dashboard everywhere yet.
  Tags.of(app).add('application', 'ecr-steward', { excludeResourceTypes: ['AWS::CloudWatch::Dashboard'] })
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
  return { app, stack }
}
