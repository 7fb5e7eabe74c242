import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { envOf } from '../adapters/env.ts'
import { lifecycle, manifestOf, NOW, push } from '../clean-up/registry.ts'
import { steward } from './cli.ts'

const OTHER = '222222222222'
const ALERTS = 'alerts: [{ repositories: ["**"], to: [sns] }]'
const MEMBERS = 'members: { external-id: steward-7 }'
const SECTIONS = `sweep: { to: [sns], accounts: ["${OTHER}"] }
clean-up: { to: [sns], policies: [{ repositories: ["**"], policy: ci.json }], at-most: { share: 100%, share-of-registry: 100% }, in-use: { accounts: ["${OTHER}"], ignore-sources: [eks] } }
`

let aws: LocalAws
let folder: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'steward-external-id-'))
  writeFileSync(
    join(folder, 'ci.json'),
    lifecycle({ tagStatus: 'any', countType: 'sinceImagePushed', countNumber: 25 }),
  )
  aws = await startLocalAws()
  aws.ecr.createRepository({ repositoryName: 'ci/web', imageTagMutability: 'IMMUTABLE' })
  push(aws, 'ci/web', manifestOf('old'), 40, 'pr-1')
  push(aws, 'ci/web', manifestOf('new'), 2, 'pr-2')
  aws.principals.createRole('ecr-steward-read', OTHER, 'steward-7')
})

afterEach(async () => {
  await aws.close()
  rmSync(folder, { recursive: true })
})

const said = (): (string | undefined)[] =>
  aws.calls
    .filter(({ operation }) => operation === 'AssumeRole')
    .map(({ input }) => (input as { ExternalId?: string }).ExternalId)

const run = (argv: readonly string[], lines: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  writeFileSync(join(folder, 'steward.yaml'), lines.join('\n'))
  return steward(argv, { cwd: folder, env: { ...envOf(aws), ...env }, now: () => NOW })
}

const COMMANDS = ['sweep', 'clean-up in-use', 'clean-up guard', 'clean-up plan']

test.each(COMMANDS)('%s says the ExternalId of steward.yaml to the role of another account', async (command) => {
  const { err } = await run(command.split(' '), [ALERTS, MEMBERS, SECTIONS])
  expect(err).not.toContain('cannot be assumed')
  expect(new Set(said())).toEqual(new Set(['steward-7']))
})

test('so does clean-up apply, which reads again what is in use', async () => {
  await run(['clean-up', 'plan'], [ALERTS, MEMBERS, SECTIONS])
  const before = said().length
  await run(['clean-up', 'apply', 'clean-up-plan.json'], [ALERTS, MEMBERS, SECTIONS])
  expect(said().slice(before)).toContain('steward-7')
})

test('that of the environment goes before it', async () => {
  const { out, err } = await run(['clean-up', 'in-use'], [ALERTS, MEMBERS, SECTIONS], { STEWARD_EXTERNAL_ID: 'other' })
  expect(said()).toContain('other')
  expect(out + err).toContain('cannot be assumed')
})

test('without either nothing is said', async () => {
  await run(['clean-up', 'in-use'], [ALERTS, SECTIONS])
  expect(new Set(said())).toEqual(new Set([undefined]))
  // No steward.yaml names it, and none is needed.
  const { code } = await steward(['clean-up', 'in-use'], { cwd: tmpdir(), env: envOf(aws), now: () => NOW })
  expect(code).not.toBe(2)
})
