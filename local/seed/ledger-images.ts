import { image, type SeedImage, well } from './build.ts'

const ledger = (name: string, pushed: string, layers: readonly string[]): SeedImage => {
  const [repository = '', version = ''] = name.split(':')
  return image(
    `team-ledger/${name}`,
    { tags: [version], pushed },
    well(`team-ledger/${repository}:${version}`, layers, 'nonroot'),
  )
}

const api = (version: string, pushed: string): SeedImage =>
  ledger(`api:${version}`, pushed, ['distroless', 'ledger-api'])
const vault = (version: string, pushed: string): SeedImage =>
  ledger(`vault:${version}`, pushed, ['debian-june', 'java-21', 'ledger-vault'])
const web = (version: string, pushed: string): SeedImage =>
  ledger(`web:${version}`, pushed, ['distroless', 'ledger-web'])

/** Images of a team that signs what it ships, rightly, wrongly and not at all: `signing-plan.ts` says what is attached to which. */
export const LEDGER_IMAGES: readonly SeedImage[] = [
  api('1.0.0', '2026-11-17T01:00:00Z'),
  api('1.1.0', '2026-11-17T02:00:00Z'),
  api('1.2.0', '2026-11-17T03:00:00Z'),
  api('1.2.1', '2026-11-17T04:00:00Z'),
  api('1.2.2', '2026-11-17T05:00:00Z'),
  api('1.3.0', '2026-11-17T06:00:00Z'),
  ledger('batch:4.0.0', '2026-11-18T00:30:00Z', ['distroless', 'ledger-batch']),
  vault('2.0.0', '2026-11-18T01:00:00Z'),
  web('3.0.0', '2026-11-18T02:00:00Z'),
  web('3.0.1', '2026-11-18T02:01:00Z'),
  web('3.1.0', '2026-11-18T02:02:00Z'),
]

/** Those that are pushed in the midst of the story. */
export const LATER_LEDGER_IMAGES: readonly SeedImage[] = [
  api('1.4.0', '2026-11-20T03:30:00Z'),
  api('1.5.0', '2026-11-20T03:35:00Z'),
  vault('2.1.0', '2026-11-20T03:40:00Z'),
  web('3.2.0', '2026-11-20T03:45:00Z'),
]
