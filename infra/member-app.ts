import { join } from 'node:path'
import { App, Tags, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import { MemberStack } from './member-stack.ts'

/**
 * The template of the member stack, checked by cdk-nag.
 * @param outdir folder that gets it
 * @returns where it is
 */
export function writeMemberTemplate(outdir: string): string {
  const app = new App({ outdir, analyticsReporting: false, context: { 'aws:cdk:disable-asset-staging': true } })
  const stack = new MemberStack(app, 'StewardMember')
  Tags.of(app).add('application', 'ecr-steward')
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
  app.synth()
  return join(outdir, stack.templateFile)
}

if (import.meta.main) {
  const [outdir = 'cdk.out/member'] = process.argv.slice(2)
  console.log(writeMemberTemplate(outdir))
}
