import { expect, test } from 'vitest'
import { parseDockerfile } from './dockerfile.ts'
import { imageConfigOf } from './image-config.ts'

const build = (text: string, args: Readonly<Record<string, string>> = {}) =>
  JSON.parse(imageConfigOf(parseDockerfile(text), { args, architecture: 'arm64', created: '2026-11-25T12:00:00Z' }))
const history = (text: string, args?: Readonly<Record<string, string>>): string[] =>
  build(text, args).history.map(({ created_by }: { created_by: string }) => created_by)

test('what is not in the last stage, or in what that is built upon, is not in the image', () => {
  const { config, history: steps } = build(`FROM node:24 AS base
ENV A=base
FROM base AS build
ENV SECRET=1
LABEL from=build
FROM base
COPY --from=build /dist /dist
USER 1000`)
  expect(config).toEqual({ User: '1000', Env: ['A=base'], Labels: {} })
  expect(steps).toHaveLength(3)
})

test('values of arguments come from the build, then from the Dockerfile, and are put into what follows', () => {
  const text = `FROM scratch
ARG ONE=default
ARG TWO
ENV A="$ONE" B='$ONE' C=\${TWO:-none} D=\${ONE:+there}
LABEL one=\${ONE} \\
      two="\${TWO}"
USER \${ONE}:0`
  expect(build(text).config).toMatchObject({
    Env: ['A=default', 'B=$ONE', 'C=none', 'D=there'],
    Labels: { one: 'default', two: '' },
    User: 'default:0',
  })
  expect(build(text, { ONE: '1', TWO: '2' }).config).toMatchObject({ Labels: { one: '1', two: '2' }, User: '1:0' })
})

test('the history has every argument that was there, with its value, before each command', () => {
  const text = `FROM alpine
ARG NPM_TOKEN
ARG MODE=fast
ARG TARGETARCH
RUN --mount=type=cache,target=/root npm ci && \\
    npm run build
RUN ["node", "x.js"]`
  expect(history(text, { NPM_TOKEN: 'abc' })).toEqual([
    'ARG NPM_TOKEN=abc',
    'ARG MODE=fast',
    'ARG TARGETARCH=arm64',
    'RUN |3 NPM_TOKEN=abc MODE=fast TARGETARCH=arm64 /bin/sh -c npm ci &&     npm run build # buildkit',
    'RUN |3 NPM_TOKEN=abc MODE=fast TARGETARCH=arm64 node x.js # buildkit',
  ])
})

test.each([
  ['HEALTHCHECK --interval=5s CMD ["/server", "-healthcheck"]', ['CMD', '/server', '-healthcheck']],
  ['HEALTHCHECK CMD curl -f http://localhost/', ['CMD-SHELL', 'curl -f http://localhost/']],
  ['HEALTHCHECK CMD true\nHEALTHCHECK NONE', ['NONE']],
])('%s', (instruction, expected) => {
  expect(build(`FROM alpine\n${instruction}`).config.Healthcheck).toEqual({ Test: expected })
})

test('a command is an exec form where it is a list, and a shell where it is not', () => {
  const { config } = build('FROM alpine\nENTRYPOINT ["/server"]\nCMD --port 8080')
  expect(config).toMatchObject({ Entrypoint: ['/server'], Cmd: ['/bin/sh', '-c', '--port 8080'] })
})
