import type { LocalAws } from '../aws/server.ts'
import type { SeedImage } from './build.ts'
import { NIGHTLIES, shopBuild } from './ci-images.ts'
import { seedImage } from './images.ts'

/** Names of images as deployments spell them. */
function referencesIn({ account, region }: LocalAws) {
  const host = `${account}.dkr.ecr.${region}.amazonaws.com`
  return {
    byTag: ({ repository, tags }: SeedImage): string => `${host}/${repository}:${tags[0]}`,
    byDigest: ({ repository, digest }: SeedImage): string => `${host}/${repository}@${digest}`,
  }
}

/** What is in production, and one revision of each that could be gone back to. */
function production(aws: LocalAws): void {
  const { byTag } = referencesIn(aws)
  const deploy = (name: string, before: SeedImage, now: SeedImage): void => {
    aws.ecs.registerTaskDefinition(name, [byTag(before)])
    const taskDefinition = aws.ecs.registerTaskDefinition(name, [byTag(now)])
    const containers = [{ name, image: byTag(now), imageDigest: now.digest }]
    aws.ecs.createService({ cluster: 'production', name, taskDefinition, containerImages: containers })
    for (let n = 0; n < 2; n++) aws.ecs.runTask({ cluster: 'production', taskDefinition, containers, service: name })
  }
  deploy('api', seedImage('prod/api:1.4.1'), seedImage('prod/api:1.4.2'))
  deploy('ledger-vault', seedImage('team-ledger/vault:2.0.0'), seedImage('team-ledger/vault:2.0.0'))
  deploy('web', seedImage('prod/web:5.12.0'), seedImage('prod/web:5.12.0'))
  aws.apprunner.createService('gateway', byTag(seedImage('prod/gateway:2.8.0')))
  aws.batch.registerJobDefinition('team-b', { image: byTag(seedImage('team-b/batch:2026.11.19')) })
}

/** Old images of `ci/shop` and `ci/builder` that a rule by age alone would take from under somebody. */
function staging(aws: LocalAws): void {
  const { byTag, byDigest } = referencesIn(aws)
  const run = (family: string, image: string, imageDigest: string): void => {
    const taskDefinition = aws.ecs.registerTaskDefinition(family, [image])
    aws.ecs.runTask({ cluster: 'staging', taskDefinition, containers: [{ name: family, image, imageDigest }] })
  }
  const preview = shopBuild(7)
  const taskDefinition = aws.ecs.registerTaskDefinition('preview', [byTag(preview)])
  aws.ecs.createService({ cluster: 'staging', name: 'preview', taskDefinition })
  run('import', byDigest(shopBuild(9)), shopBuild(9).digest)
  run('crawler', byTag(NIGHTLIES.running.index), NIGHTLIES.running.arm64.digest)
  for (const build of [6, 12, 30]) aws.ecs.registerTaskDefinition('migrate', [byTag(shopBuild(build))])
  const report = aws.ecs.registerTaskDefinition('report', [byTag(shopBuild(15))])
  aws.scheduler.putSchedule({
    name: 'nightly-report',
    expression: 'cron(0 2 * * ? *)',
    target: {
      Arn: aws.ecs.createCluster('staging'),
      RoleArn: `arn:aws:iam::${aws.account}:role/start-report`,
      EcsParameters: { TaskDefinitionArn: report },
    },
  })
  thumbnails(aws, shopBuild(21), shopBuild(48))
  aws.codebuild.createProject('shop', byTag(seedImage('ci/builder:2026.08')))
}

/** A function whose alias is at a version from long ago. */
function thumbnails(aws: LocalAws, before: SeedImage, now: SeedImage): void {
  const { byTag } = referencesIn(aws)
  const imageOf = (image: SeedImage) => ({ imageUri: byTag(image), resolvedDigest: image.digest })
  aws.lambda.createFunction({ name: 'thumbnails', ...imageOf(before) })
  aws.lambda.createAlias('thumbnails', 'live', aws.lambda.publishVersion('thumbnails'))
  aws.lambda.updateFunctionCode('thumbnails', imageOf(now))
}

/** What runs images of the seeded registry. */
export function seedWorkloads(aws: LocalAws): void {
  production(aws)
  staging(aws)
  // A task that runs what its tag named once: the repository's own lifecycle policy takes it a week after the push.
  const { byDigest } = referencesIn(aws)
  const dangling = seedImage('team-a/worker@dangling')
  const taskDefinition = aws.ecs.registerTaskDefinition('worker', [byDigest(dangling)])
  const containers = [{ name: 'worker', image: byDigest(dangling), imageDigest: dangling.digest }]
  aws.ecs.runTask({ cluster: 'production', taskDefinition, containers })
}
