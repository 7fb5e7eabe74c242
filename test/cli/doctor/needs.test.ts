import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { COMMANDS } from '../../../cli/commands.ts'
import { NEEDS, OFFLINE, UNDER_ENHANCED } from '../../../cli/doctor/needs.ts'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { seedWorkloads } from '../../../local/seed/workloads.ts'
import { envOf } from '../../adapters/env.ts'
import { indexOf, lifecycle, manifestOf, NOW, push } from '../../clean-up/registry.ts'
import { configuration } from '../../policy/image/manifests.ts'
import { steward } from '../cli.ts'

const CONFIG = `alerts: [{ repositories: ["**"], to: [sns] }]
policy:
  - repositories: ["**"]
    rules:
      lifecycle-policy: report
      repository-policy: report
      scan-on-push: report
      vulnerabilities: report
      no-secrets-in-image: report
      required-tags: { mode: report, keys: [owner] }
registry:
  to: [sns]
  rules:
    registry-policy: report
    replication: { mode: report, destinations: [eu-west-1] }
    pull-through-cache: report
clean-up:
  to: [sns]
  at-most: { share: 100%, share-of-registry: 100% }
  policies: [{ repositories: ["ci/**"], policy: ci.json }]
`

const OLD = { tagStatus: 'any', countType: 'sinceImagePushed', countNumber: 30 }
const UNPULLED = { tagStatus: 'tagged', tagPatternList: ['pr-*'], countType: 'sinceImagePulled', countNumber: 25 }

/**
 * A permission that nobody has to give, since everybody may ask who they are; the download that ECR gives an address for; and what
 * is asked of the stack, which is apart.
 */
const FREE = ['sts:GetCallerIdentity', 's3:GetObject', 'cloudformation:DescribeStacks']

/** Read where a rule asks who signed: test/cli/verify has the calls. */
const UNSIGNED = ['ecr:DescribeImageSigningStatus', 'ecr:ListImageReferrers', 'kms:GetPublicKey']

/** Images of all kinds in two folders of the registry. */
function fill(aws: LocalAws): void {
  const config = configuration()
  for (const repositoryName of ['ci/web', 'prod/api']) {
    aws.ecr.createRepository({ repositoryName })
    aws.ecr.putBlob(repositoryName, config.text)
    for (let n = 0; n < 3; n++) push(aws, repositoryName, manifestOf(`web-${n}`), 29 - n, `pr-${n}`)
    push(aws, repositoryName, manifestOf('old'), 40, 'v1')
    push(aws, repositoryName, manifestOf('child'), 2)
    push(aws, repositoryName, indexOf('multi', [manifestOf('child')]), 2, 'multi')
    aws.call('ecr', 'PutLifecyclePolicy', { repositoryName, lifecyclePolicyText: lifecycle(OLD) })
  }
}

/** Something of every kind that runs images. */
function deploy(aws: LocalAws): void {
  seedWorkloads(aws)
  const target = { Id: 'run', Arn: aws.ecs.createCluster('staging'), EcsParameters: { TaskDefinitionArn: 'report:1' } }
  aws.events.putRule({ name: 'nightly', targets: [target] })
  aws.eks.createCluster('blue')
  aws.inspector.setEcrScanning('ENABLED')
  aws.inspector.setRescanning('LAST_IN_USE_AT')
  const rules = [{ scanFrequency: 'CONTINUOUS_SCAN', repositoryFilters: [{ filter: '*', filterType: 'WILDCARD' }] }]
  aws.call('ecr', 'PutRegistryScanningConfiguration', { scanType: 'ENHANCED', rules })
}

/** @param prepare what else there is, beside images */
function startWorld(prepare: (aws: LocalAws) => void) {
  const folder = mkdtempSync(join(tmpdir(), 'steward-needs-'))
  let aws: LocalAws
  beforeAll(async () => {
    aws = await startLocalAws()
    fill(aws)
    prepare(aws)
    const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)
    write('steward.yaml', CONFIG)
    write('ci.json', lifecycle({ ...UNPULLED, action: 'transition' }, OLD))
    write('old.json', lifecycle({ ...OLD, countNumber: 20 }))
  })
  afterAll(async () => {
    await aws.close()
    rmSync(folder, { recursive: true })
  })

  const calledBy = async (lines: readonly string[]): Promise<readonly string[]> => {
    const from = aws.calls.length
    const plan = () => JSON.parse(readFileSync(join(folder, 'clean-up-plan.json'), 'utf8')) as { readonly id: string }
    for (const line of lines) {
      const words = line.split(' ').map((word) => (word === 'PLAN' ? plan().id : word))
      const { code, err } = await steward(words, { cwd: folder, env: envOf(aws), now: () => NOW })
      expect([line, code === 2 || code === 4 ? err : '']).toEqual([line, ''])
    }
    const called = aws.calls.slice(from).map(({ service, operation }) => `${service}:${operation}`)
    return [...new Set(called)].filter((action) => !FREE.includes(action)).toSorted()
  }
  return calledBy
}

/** What ECR asks Inspector in the name of the command is none of its calls. */
const neededBy = (name: string): readonly string[] => {
  const own = NEEDS[name]?.([]).filter(({ when }) => when !== UNDER_ENHANCED)
  return [...new Set(own?.map(({ action }) => action))].toSorted()
}

describe('what a command needs is what it calls, where scanning is basic', () => {
  const calledBy = startWorld((aws) => push(aws, 'prod/api', manifestOf('old'), 40, 'quarantine-held'))

  test.each([
    ['gate', ['gate ci/web:multi --rules --start-scan --timeout 1s --no-ci'], UNSIGNED],
    ['scan', ['scan ci/web:v1 --timeout 1s', 'scan ci/web:multi --timeout 1s']],
    ['images', ['images ci/web']],
    ['release', ['release prod/api:held --yes']],
  ] satisfies [name: string, lines: string[], unseen?: string[]][])('%s', async (name, lines, unseen = []) => {
    expect([...(await calledBy(lines)), ...unseen].toSorted()).toEqual(neededBy(name))
  })
})

describe('what a command needs is what it calls, where everything is used', () => {
  const calledBy = startWorld(deploy)

  // In this order: what is removed was there before.
  test.each([
    ['init', ['init --output -']],
    ['check', ['check --images'], UNSIGNED],
    ['sweep', ['sweep'], UNSIGNED],
    [
      'repository create',
      [
        'repository create new/a --owner a --pull-from 210987654321',
        'repository create new/b --owner b --lifecycle none',
        'repository create new/b --owner b --lifecycle none',
      ],
      ['ecr:TagResource'],
    ],
    ['repository list', ['repository list --images']],
    ['lifecycle preview', ['lifecycle preview --policy old.json ci/* --native', 'lifecycle preview prod/api']],
    ['lifecycle diff', ['lifecycle diff - old.json ci/*']],
    ['lifecycle show', ['lifecycle show prod/*']],
    ['lifecycle apply', ['lifecycle apply old.json prod/* --yes --replace']],
    ['lifecycle delete', ['lifecycle delete prod/* --yes']],
    ['clean-up in-use', ['clean-up in-use ci/*']],
    ['clean-up guard', ['clean-up guard']],
    ['clean-up plan', ['clean-up plan']],
    // What was removed is put back only where somebody pushed while it was removed.
    ['clean-up apply', ['clean-up apply clean-up-plan.json --yes'], ['ecr:PutImage']],
    ['clean-up undo', ['clean-up undo PLAN --yes']],
    ['repository delete', ['repository delete new/b', 'repository delete ci/web --force --yes']],
  ] satisfies [name: string, lines: string[], unseen?: string[]][])('%s', async (name, lines, unseen = []) => {
    expect([...(await calledBy(lines)), ...unseen].toSorted()).toEqual(neededBy(name))
  })

  test('every command that calls AWS is listed', () => {
    const others = COMMANDS.map(({ name }) => name).filter((name) => !(name in NEEDS) && !OFFLINE.includes(name))
    expect(others).toEqual([])
  })
})
