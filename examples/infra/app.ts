import { relative } from 'node:path'
import { App } from 'aws-cdk-lib'
import featureFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' }
import { organisationApp } from './organisation.ts'
import { RepositoryStack } from './repository-stack.ts'

/** Both examples: one repository as a template with parameters, and the registries of an organisation. */
export function examplesApp(app: App): App {
  new RepositoryStack(app, 'Repository')
  organisationApp(app, {
    id: 'o-a1b2c3d4e5',
    build: { account: '111122223333', region: 'eu-west-1' },
    production: { account: '444455556666', region: 'eu-west-1' },
    fallbackRegion: 'eu-central-1',
  })
  return app
}

if (import.meta.main) {
  const app = new App({ outdir: 'cdk.out/examples', analyticsReporting: false, context: featureFlags })
  for (const { templateFullPath } of examplesApp(app).synth().stacks) console.log(relative('.', templateFullPath))
}
