import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll } from 'vitest'

export const REGISTRY = '123456789012.dkr.ecr.eu-central-1.amazonaws.com'
/** Of the index that the build pushes, and of the images in it. */
export const DIGEST = `sha256:${'a'.repeat(64)}`
export const PLATFORMS = [`sha256:${'1'.repeat(64)}`, `sha256:${'2'.repeat(64)}`] as const

const TOOLS = ['docker', 'aws', 'cosign', 'syft', 'npm', 'git', 'ecr-steward']

const INDEX = {
  manifests: [
    { digest: PLATFORMS[0], platform: { os: 'linux', architecture: 'amd64' } },
    { digest: PLATFORMS[1], platform: { os: 'linux', architecture: 'arm64' } },
    { digest: `sha256:${'f'.repeat(64)}`, platform: { os: 'unknown', architecture: 'unknown' } },
  ],
}

const TASK = {
  taskDefinitionArn: 'arn:aws:ecs:eu-central-1:123456789012:task-definition/api:7',
  ...{ family: 'api', revision: 7, status: 'ACTIVE', compatibilities: ['FARGATE'], registeredBy: 'somebody' },
  containerDefinitions: [
    { name: 'web', image: `${REGISTRY}/prod/api@sha256:${'0'.repeat(64)}`, environment: [{ name: 'A', value: 'b c' }] },
    { name: 'proxy', image: `${REGISTRY}/proxy:1.0` },
  ],
}

/** What the tools say and leave, as far as somebody reads it. `FAIL` names the call that fails: `docker push`. */
const STAND_IN = `#!/bin/bash
name=\${0##*/}
printf -v call '%s\\037' "$name" "$@"
printf '%s\\036' "\${call%?}" >> "$CALLS" # at once: both sides of a pipe write here
after() { # the word after this option
  local option=$1; shift
  while [ $# -gt 1 ]; do [ "$1" = "$option" ] && printf '%s' "$2"; shift; done
}
case "$name $*" in "\${FAIL:-nothing} "*|"\${FAIL:-nothing}") echo "$name: failed, as the test asks" >&2; exit 1;; esac
case "$name $*" in
  'docker login '*) cat > "$HERE/password" ;;
  'docker buildx build '*) printf '{"containerimage.digest":"%s"}' "$DIGEST" > "$(after --metadata-file "$@")" ;;
  'docker buildx imagetools inspect '*) cat "$HERE/index.json" ;;
  'docker image inspect '*) printf '%s\\n' "elsewhere.example/api@$OTHER" "\${!#%:*}@$DIGEST" '' ;;
  'aws ecr get-login-password'*) echo token ;;
  'aws ecs describe-services '*) echo arn:aws:ecs:eu-central-1:123456789012:task-definition/api:7 ;;
  'aws ecs describe-task-definition '*) cat "$HERE/task.json" ;;
  'aws ecs register-task-definition '*)
    file=$(after --cli-input-json "$@"); cp "\${file#file://}" "$HERE/registered.json"
    echo arn:aws:ecs:eu-central-1:123456789012:task-definition/api:8 ;;
  'syft '*) file=$(after --output "$@"); echo '{}' > "\${file#*=}" ;;
  'git rev-parse HEAD') echo 0123456789abcdef0123456789abcdef01234567 ;;
  'ecr-steward gate '*)
    [ "\${GATE:-0}" = 0 ] && printf '%s\\n' "\${2#*@}" > "$(after --digest-file "$@")"
    exit "\${GATE:-0}" ;;
esac
`

const ROOT = mkdtempSync(join(tmpdir(), 'steward-pipelines-'))
afterAll(() => rmSync(ROOT, { recursive: true }))

/** The scripts read JSON with it, as on the machines that they are for. */
export const hasJq = spawnSync('jq', ['--version']).status === 0
export const withJq = (name: string): string => (hasJq ? name : `${name}: jq was not found`)

export type Ran = { readonly code: number; readonly out: string; readonly err: string }

/**
 * A machine of a pipeline: an empty working folder, and a PATH on which docker, aws and the others write down how they are called.
 * @param env what the scripts find in their environment, besides
 * @param steward file of the bundled command line, where the real one is to judge
 */
export function machine(env: Readonly<Record<string, string>> = {}, steward?: string) {
  const here = mkdtempSync(join(ROOT, 'machine-'))
  const [bin, work, log] = [join(here, 'bin'), join(here, 'work'), join(here, 'calls')]
  for (const folder of [bin, work]) mkdirSync(folder)
  const write = (file: string, text: string): void => writeFileSync(join(here, file), text)
  for (const tool of TOOLS) {
    write(join('bin', tool), STAND_IN)
    chmodSync(join(bin, tool), 0o755)
  }
  if (steward) write('bin/ecr-steward', `#!/bin/bash\nexec '${process.execPath}' '${steward}' "$@"\n`)
  write('index.json', JSON.stringify(INDEX))
  write('task.json', JSON.stringify(TASK))
  const surroundings = {
    ...{ PATH: [bin, process.env.PATH].join(delimiter), HOME: here, HERE: here, CALLS: log },
    ...{ DIGEST, OTHER: `sha256:${'e'.repeat(64)}`, ...env },
  }

  return {
    work,
    bin,
    /** Every call of a tool so far, as it was made. */
    calls: (): string[][] => {
      const text = existsSync(log) ? readFileSync(log, 'utf8') : ''
      return text
        .split('\x1e')
        .slice(0, -1)
        .map((call) => call.split('\x1f'))
    },
    has: (file: string): boolean => existsSync(join(work, file)),
    read: (file: string): string => readFileSync(join(work, file), 'utf8'),
    /** Of the whole machine: `registered.json` is what ECS was given. */
    left: (file: string): string => readFileSync(join(here, file), 'utf8'),
    bash: (argv: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Ran> =>
      new Promise((resolve, reject) => {
        const child = spawn('bash', argv, { cwd: work, env: { ...surroundings, ...more } })
        let [out, err] = ['', '']
        child.stdout.on('data', (chunk) => {
          out += chunk
        })
        child.stderr.on('data', (chunk) => {
          err += chunk
        })
        child.on('error', reject)
        child.on('close', (code) => resolve({ code: code ?? -1, out, err }))
      }),
  }
}

export type Machine = ReturnType<typeof machine>

/** The calls that begin like this, as a line each. */
export const like = (calls: readonly (readonly string[])[], start: string): string[] =>
  calls.map((call) => call.join(' ')).filter((call) => call.startsWith(start))
