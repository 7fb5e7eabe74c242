import { basename, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { timeOf } from '../../cli/replay/event-input.ts'
import { readEvents } from '../../local/event-files.ts'
import { type Replayed, replayer } from '../../local/replay.ts'
import { startWorld, type World } from '../../local/world.ts'
import { parsed } from '../config/read.ts'
import { synthesise } from '../infra/synth.ts'

/** What somebody has agreed to live with, for a while: two of prod/web until the 23rd, the third for longer; one of prod/api. */
const { config } = parsed(`
alerts: [{ repositories: ["**"], to: [slack:security] }]
channels: { security: { slack-webhook: { secret: ecr-steward/slack/security } } }
exceptions:
  - { finding: CVE-2023-31484, repositories: [prod/web], reason: no CPAN, owner: team-web, expires: 2026-11-23 }
  - { finding: CVE-2024-33599, repositories: [prod/web], reason: no nscd, owner: team-web, expires: 2026-11-23 }
  - { finding: CVE-2024-6119, package: openssl, repositories: ["prod/*"], tags: ["5.*"], reason: no names of peers, owner: team-web, expires: 2027-01-31 }
  - { finding: CVE-2024-5535, package: openssl, repositories: ["prod/*"], reason: no NPN, owner: team-api, expires: 2027-01-31 }
`)

const FILES = ['basic-scan-critical', 'basic-scan-high-only', 'basic-rescan-exception-ended']
const inputs = FILES.flatMap((file) => readEvents(join(import.meta.dirname, `../../events/${file}.json`)))

let world: World
const all = new Map<string, Replayed>()
const { outdir } = synthesise(config)

beforeAll(async () => {
  const start = Math.min(...inputs.map(({ event }) => timeOf(event) ?? Date.now()))
  world = await startWorld({ assembly: outdir, config, start })
  const replay = replayer(world, config)
  for (const input of inputs) for (const told of await replay([input])) all.set(basename(input.file, '.json'), told)
}, 120_000)
afterAll(() => world.close())

const of = (file: string): Replayed => {
  const found = all.get(file)
  if (!found) throw new Error(`${file} was not replayed`)
  return found
}
const items = (file: string): string[] =>
  of(file).alerts.flatMap(({ items: lines }) => lines.map(({ id, change }) => `${id} ${change}`))

test('a finding that is excepted is shown last, and counted apart', () => {
  expect(of('basic-scan-critical')).toMatchObject({ outcome: 'alerted', reason: '22 at HIGH or above, 1 excepted' })
  expect(items('basic-scan-critical').filter((item) => !item.endsWith('new'))).toEqual(['CVE-2024-5535 excepted'])
  expect(items('basic-scan-critical').at(-1)).toBe('CVE-2024-5535 excepted')
})

test('an image whose findings are all excepted is quiet, and says why', () => {
  expect(of('basic-scan-high-only')).toMatchObject({
    outcome: 'quiet',
    reason: 'all 3 findings are excepted, the first until 2026-11-23',
    alerts: [],
  })
})

test('what was excepted is told once the exception has ended, and names it', () => {
  const [alert] = of('basic-rescan-exception-ended').alerts
  expect(alert).toMatchObject({ title: '2 high in prod/web:5.12.0', summary: '2 at HIGH or above, 1 excepted' })
  expect(items('basic-rescan-exception-ended')).toEqual([
    'CVE-2023-31484 new',
    'CVE-2024-33599 new',
    'CVE-2024-6119 excepted',
  ])
  expect(alert?.items[0]?.notes[0]).toBe(
    'the exception of team-web expired on 2026-11-23: no CPAN (steward.yaml, line 5)',
  )
})

test('Slack shows what is excepted, and the exception that has ended', () => {
  const shown = JSON.stringify(world.slack.received().at(-1)?.payload)
  expect(shown).toContain('CVE-2024-6119')
  expect(shown).toContain('the exception of team-web expired on 2026-11-23')
})
