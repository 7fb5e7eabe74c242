import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { parseConfig } from '../../../config/parse.ts'
import { commonName } from '../../../functions/domain/image-name.ts'
import { RULES } from '../../../functions/domain/rulebook.ts'
import { complaintsOf } from './checks.ts'
import { type Build, basesOf, chainOf, lastStage, parseDockerfile } from './dockerfile.ts'
import { GIVEN, IMAGE_RULES, registry, type Verdict } from './registry.ts'

const FOLDER = resolve(import.meta.dirname, '../../../examples/images')
const read = (path: string): string => readFileSync(join(FOLDER, path), 'utf8')

const GOOD = ['node', 'go', 'python']
const ANTI = readdirSync(join(FOLDER, 'anti-patterns'))
  .map((file) => file.replace('.Dockerfile', ''))
  .sort()

const good = (name: string): Build => parseDockerfile(read(`${name}/Dockerfile`))
const anti = (name: string): Build => parseDockerfile(read(`anti-patterns/${name}.Dockerfile`))

const here = registry()
let verdicts: ReadonlyMap<string, readonly Verdict[]>
beforeAll(async () => {
  for (const name of GOOD) here.push(`good/${name}`, good(name))
  for (const name of ANTI) here.push(`anti/${name}`, anti(name), { ...GIVEN, NPM_TOKEN: 'correct-horse' })
  here.push('pushed/without-arguments', good('node'), {})
  here.push('pushed/as-latest-alone', good('node'), GIVEN, 'latest')
  here.push('pushed/as-whatever', good('node'), GIVEN, 'prod')
  verdicts = await here.check()
})

const verdictsOn = (repository: string): readonly Verdict[] => {
  const found = verdicts.get(repository)
  if (!found) throw new Error(`${repository} was not judged`)
  return found
}
const failing = (repository: string): readonly Verdict[] =>
  verdictsOn(repository).filter(({ outcome }) => outcome !== 'pass')

describe.each(GOOD)('the image of %s', (name) => {
  test('passes every rule on what is in images with its defaults', () => {
    expect(verdictsOn(`good/${name}`).map(({ rule }) => rule)).toEqual(IMAGE_RULES)
    expect(failing(`good/${name}`)).toEqual([])
  })

  test('is built as no anti-pattern is', () => expect(complaintsOf(good(name))).toEqual({}))

  test('is built upon bases that cannot be pulled before somebody has filled in their digests', () => {
    const bases = basesOf(good(name))
    expect(bases.filter((base) => !/^[a-z0-9./-]+:[\w.-]+@sha256:0{64}$/.test(base))).toEqual([])
  })

  test('says by its label what it is really built upon', () => {
    const build = good(name)
    const base = chainOf(build, lastStage(build))[0]?.from.getImage() ?? ''
    const upon = verdictsOn(`good/${name}`).find(({ rule }) => rule === 'base-image')
    expect(upon?.reason).toBe(`It is built upon ${commonName(base)}.`)
  })

  test('runs as a user and a group by their numbers, which Kubernetes can check', () => {
    const users = lastStage(good(name)).instructions.filter((one) => one.getKeyword() === 'USER')
    expect(users.map((user) => user.getArgumentsContent())).toEqual([expect.stringMatching(/^[1-9]\d*:[1-9]\d*$/)])
  })
})

/** What is said of each: of a rule its reason and what it saw, of a check what it found. */
const SAID: Readonly<Record<string, readonly string[]>> = {
  'add-url': ['ADD https://downloads.example.com/agent/latest/agent.tar.gz /opt/agent.tar.gz is not checked'],
  'apt-upgrade': ['apt-get update && apt-get upgrade --yes && rm -rf /var/lib/apt/lists/*'],
  'base-full': [
    'It is built upon python:3.14-trixie, which is not allowed.',
    'Base image, by its label, linux/amd64: python:3.14-trixie',
  ],
  'base-latest': [
    'It is built upon node:latest, which is discouraged.',
    'Base image, by its label, linux/amd64: node:latest',
    'node:latest is not pinned by a digest',
    'node:latest has no tag but latest',
  ],
  'base-without-digest': ['node:24-trixie-slim is not pinned by a digest'],
  'build-without-dev-dependencies': ['npm run build after npm ci --only=production'],
  'healthcheck-none': ['It has no health check.'],
  'no-healthcheck': ['It has no health check.'],
  'no-labels': [
    'It lacks org.opencontainers.image.source, org.opencontainers.image.revision.',
    'Missing, linux/amd64: org.opencontainers.image.source, org.opencontainers.image.revision',
  ],
  'one-architecture': ['CGO_ENABLED=0 GOOS=linux GOARCH=amd64 go build -o /server .'],
  'root-again': ['It runs as root.', 'USER, linux/amd64: root'],
  'root-user': ['It runs as root, since it names no user.', 'USER, linux/amd64: none'],
  'secret-in-arg': [
    'What looks like a secret is in 2 places.',
    // ARG itself, and the RUN that follows it.
    'history 2, linux/amd64: a name that says token',
    'history 4, linux/amd64: a name that says token',
  ],
  'secret-in-env': [
    'What looks like a secret is in 1 place.',
    'ENV DB_PASSWORD, linux/amd64: a name that says password',
  ],
  'secret-in-label': [
    'What looks like a secret is in 1 place.',
    'label com.example.database.password, linux/amd64: a name that says password',
  ],
  'secret-in-run': ['What looks like a secret is in 1 place.', 'history 3, linux/amd64: a name that says secret'],
  'shell-form': ['CMD node dist/server.js starts a shell'],
  'whole-context': ['COPY . .'],
}

const saidOf = (name: string): readonly string[] => [
  ...failing(`anti/${name}`).flatMap(({ reason, evidence }) => [
    reason,
    ...evidence.map(({ name, value }) => `${name}: ${value}`).filter((text) => !text.includes('linux/arm64')),
  ]),
  ...Object.values(complaintsOf(anti(name))).flat(),
]

describe.each(ANTI)('the anti-pattern %s', (name) => {
  test('is caught by what it names itself, and by nothing else', () => {
    const named = /^# Caught by: (.*)$/m.exec(read(`anti-patterns/${name}.Dockerfile`))?.[1]
    const rules = failing(`anti/${name}`).map(({ rule, outcome }) =>
      outcome === 'fail' ? rule : `${rule}: ${outcome}`,
    )
    expect([...rules, ...Object.keys(complaintsOf(anti(name)))].sort()).toEqual(named?.split(', ').sort())
  })

  test('is caught for the right reason', () => expect(saidOf(name)).toEqual(SAID[name]))

  test('says in its first lines what is wrong, and what to write instead', () => {
    expect(read(`anti-patterns/${name}.Dockerfile`)).toMatch(/^# .+\.\n# Caught by: .+\n# Instead: .+\nFROM /)
  })
})

test.each([
  [
    'without the arguments that say where it comes from',
    'pushed/without-arguments',
    ['required-labels', 'It lacks org.opencontainers.image.source, org.opencontainers.image.revision.'],
  ],
  ['under latest alone', 'pushed/as-latest-alone', ['not-latest-only', 'It has no tag but latest, which will move.']],
  ['under a name that says nothing', 'pushed/as-whatever', ['tag-naming', 'prod is no name that a tag may have.']],
])('a good image that is pushed %s is caught too', (_, repository, said) => {
  expect(failing(repository).map(({ rule, reason }) => [rule, reason])).toEqual([said])
})

const hasHadolint = spawnSync('hadolint', ['--version']).status === 0
const without = hasHadolint ? '' : ': hadolint was not found'
test.skipIf(!hasHadolint)(`hadolint finds no error in the good ones${without}`, () => {
  for (const name of GOOD) {
    const argv = ['--no-color', '--failure-threshold', 'error', join(FOLDER, name, 'Dockerfile')]
    const { status, stdout } = spawnSync('hadolint', argv, { encoding: 'utf8' })
    expect({ name, stdout, status }).toEqual({ name, stdout, status: 0 })
  }
})

describe('README.md', () => {
  const page = read('README.md')

  test('has a line for every anti-pattern, with what catches it', () => {
    const lines = [...page.matchAll(/^\| \[([\w-]+)\]\(anti-patterns\/\1\.Dockerfile\) \| ([^|]+) \|/gm)]
    const caught = (name: string) => /^# Caught by: (.*)$/m.exec(read(`anti-patterns/${name}.Dockerfile`))?.[1]
    expect(lines.map(([, name = '', by = '']) => [name, by.replaceAll('`', '').replace(/ \(.*\)$/, '')])).toEqual(
      ANTI.map((name) => [name, caught(name)]),
    )
  })

  test('names the bases as the Dockerfiles do', () => {
    const bases = GOOD.flatMap((name) => basesOf(good(name))).map((base) => base.replace(/@.*/, ''))
    expect(bases.filter((base) => !page.includes(`\`${base}\``))).toEqual([])
  })

  test('has a steward.yaml that is one, of rules on images alone', () => {
    const text = /^```yaml\n(.*?)^```/ms.exec(page)?.[1] ?? ''
    const parsed = parseConfig(text, 'steward.yaml', new Date())
    if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
    const rules = parsed.config.policy.flatMap((entry) => entry.rules).map(({ rule }) => rule)
    expect(rules.length).toBeGreaterThan(5)
    expect(RULES.filter(({ id, about }) => rules.includes(id) && about !== 'image')).toEqual([])
  })

  test('has links that lead somewhere', () => {
    const links = [...page.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, to = '']) => to)
    expect(links.length).toBeGreaterThan(10)
    expect(links.filter((to) => !to.startsWith('https:') && !existsSync(join(FOLDER, to)))).toEqual([])
  })
})
