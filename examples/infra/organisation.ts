import { type App, Stack, type StackProps } from 'aws-cdk-lib'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
// In your own project: from 'ecr-steward/cdk'.
import { CompliantRepository, GitHubActionsRole, RegistrySettings } from '../../infra/constructs.ts'

/** An account in a region. */
type Place = { readonly account: string; readonly region: string }

/** Who pulls, and where images go. */
export type Organisation = {
  /** `o-a1b2c3d4e5`: every account of it may pull. */
  readonly id: string
  /** The account that builds, in the region where it pushes. */
  readonly build: Place
  /** The account that runs it, in the same region. */
  readonly production: Place
  /** Another region of the account that builds, for the day on which the first one fails. */
  readonly fallbackRegion: string
}

/** What is deployed from here goes to the other registries. */
const RELEASED = ['prod/']

type RegistryProps = StackProps & { readonly organisation: Organisation }

/** The registry into which CI pushes: it replicates what is released, and caches what images are built upon. */
export class BuildRegistry extends Stack {
  constructor(scope: Construct, id: string, { organisation, ...props }: RegistryProps) {
    super(scope, id, props)
    const { production, fallbackRegion } = organisation
    new RegistrySettings(this, 'Registry', {
      owner: 'platform-team',
      scanning: { type: 'ENHANCED' },
      replication: [{ destinations: [{ region: fallbackRegion }, production], prefixes: RELEASED }],
      access: [{ may: 'pull', organisation: organisation.id }],
      // Layers that several repositories share are pushed once.
      accountSettings: { blobMounting: 'ENABLED' },
      pullThroughCaches: [
        { upstream: 'ecr-public' },
        { upstream: 'kubernetes' },
        {
          upstream: 'docker-hub',
          credentials: Secret.fromSecretNameV2(this, 'DockerHub', 'ecr-pullthroughcache/docker-hub'),
        },
      ],
    })
    const api = new CompliantRepository(this, 'Api', {
      ...{ repositoryName: 'prod/api', owner: 'team-api', environment: 'prod', lifecycle: 'releases' },
      alerts: {},
    })
    new GitHubActionsRole(this, 'GitHub', {
      gitHubRepository: 'acme/api',
      subjects: [{ branch: 'main' }, { tag: 'v*' }],
      repositories: [api],
    })
  }
}

/** A registry that images are replicated into: its repositories are made by ECR, as they were made by hand. */
export class ReplicaRegistry extends Stack {
  constructor(scope: Construct, id: string, { organisation, ...props }: RegistryProps) {
    super(scope, id, props)
    const { id: organisationId, build } = organisation
    new RegistrySettings(this, 'Registry', {
      owner: 'platform-team',
      scanning: { type: 'ENHANCED' },
      access: [{ may: 'pull', organisation: organisationId }],
      // Within an account nobody has to be allowed to replicate.
      replicationFrom: this.account === build.account ? [] : [{ account: build.account, prefixes: RELEASED }],
    })
  }
}

/** All registries of an organisation. Those that images are replicated into are deployed first: until then ECR has nowhere to put them. */
export function organisationApp(app: App, organisation: Organisation): readonly Stack[] {
  const { build, production, fallbackRegion } = organisation
  const fallback = new ReplicaRegistry(app, 'FallbackRegistry', {
    organisation,
    env: { account: build.account, region: fallbackRegion },
  })
  const running = new ReplicaRegistry(app, 'ProductionRegistry', { organisation, env: production })
  const building = new BuildRegistry(app, 'BuildRegistry', { organisation, env: build })
  building.addStackDependency(fallback)
  building.addStackDependency(running)
  return [fallback, running, building]
}
