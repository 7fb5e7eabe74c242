import { digestOf } from './digest.ts'

/** What an image's configuration is made from. */
export type ConfigSpec = {
  readonly layers: readonly string[]
  /** ISO 8601 instant at which it was built. */
  readonly created: string
  readonly architecture?: 'amd64' | 'arm64'
  /** User of the container; root where it is not given. */
  readonly user?: string
  readonly env?: readonly string[]
  readonly labels?: Readonly<Record<string, string>>
  /** Command that says whether the container is well. */
  readonly healthcheck?: string
  /** Commands of steps that leave nothing but themselves in the history. */
  readonly ran?: readonly string[]
}

const SECOND = 1_000_000_000
const PATH = 'PATH=/usr/local/bin:/usr/bin:/bin'

const healthcheckOf = (command: string) => ({
  Test: ['CMD-SHELL', command],
  Interval: 30 * SECOND,
  Timeout: 5 * SECOND,
  Retries: 3,
})

/** As BuildKit writes it: each layer, and each instruction that brings none. */
function historyOf({ layers, created, env = [], labels = {}, user, healthcheck, ran = [] }: ConfigSpec) {
  const step = (text: string) => ({ created, created_by: text, comment: 'buildkit.dockerfile.v0' })
  const empty = [
    ...env.map((variable) => `ENV ${variable}`),
    ...Object.entries(labels).map(([name, value]) => `LABEL ${name}=${value}`),
    ...ran.map((command) => `RUN /bin/sh -c ${command} # buildkit`),
    ...(user ? [`USER ${user}`] : []),
    ...(healthcheck ? [`HEALTHCHECK &{["CMD-SHELL" "${healthcheck}"] "30s" "5s" "0s" "0s" '\\x03'}`] : []),
  ]
  return [
    ...layers.map((name) => step(`COPY /build/${name} / # buildkit`)),
    ...empty.map((text) => ({ ...step(text), empty_layer: true })),
  ]
}

/**
 * The configuration of an image, as its blob has it. `Healthcheck` is Docker's own.
 * @see https://github.com/opencontainers/image-spec/blob/main/config.md
 */
export function configOf(spec: ConfigSpec): string {
  const { layers, created, architecture = 'amd64', user, env = [], labels, healthcheck } = spec
  return JSON.stringify({
    architecture,
    os: 'linux',
    created,
    config: {
      ...(user && { User: user }),
      Env: [PATH, ...env],
      WorkingDir: '/app',
      ...(labels && { Labels: labels }),
      ...(healthcheck && { Healthcheck: healthcheckOf(healthcheck) }),
    },
    rootfs: { type: 'layers', diff_ids: layers.map((name) => digestOf(`diff ${name}`)) },
    history: historyOf(spec),
  })
}
