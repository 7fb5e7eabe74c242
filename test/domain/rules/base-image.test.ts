import { describe, expect, test } from 'vitest'
import { unread } from '../../../functions/domain/rule/fact.ts'
import { baseImage } from '../../../functions/domain/rules/base-image.ts'
import { image as ref } from '../../builders.ts'
import { config, content, defaultsOf, index, judge, judgeUnread, NOW, platform, scan } from './facts.ts'

const LABEL = 'org.opencontainers.image.base.name'
const [debian, node, app] = ['1', '2', '3'].map((digit) => `sha256:${digit.repeat(64)}`) as [string, string, string]

const labelled = (name: string) => content(platform({ config: config({ labels: { [LABEL]: name } }) }))
const layered = (...layers: readonly string[]) => content(platform({ layers }))
const judgeName = (name: string, parameters: Record<string, unknown> = {}) =>
  judge(baseImage, { content: labelled(name) }, { parameters }).outcome

describe('base-image by label', () => {
  test.each([
    'gcr.io/distroless/static-debian12:nonroot',
    'alpine:3.20',
    'docker.io/library/alpine:3.20',
    'node:22-slim',
    'public.ecr.aws/docker/library/python:3.12-slim-bookworm',
    'python:3.12-alpine3.20',
    'amazonlinux:2023',
    'public.ecr.aws/amazonlinux/amazonlinux:2023-minimal',
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com/docker-hub/library/node:22-slim',
    'scratch',
  ])('%s is allowed', (name) => {
    expect(judgeName(name)).toBe('pass')
  })

  test.each([
    'ubuntu:latest',
    'docker.io/library/node',
    'python:latest',
    'node:22',
    'debian:bookworm',
    'amazonlinux:2',
    'notalpine:3',
  ])('%s is not', (name) => {
    expect(judgeName(name)).toBe('fail')
  })

  test.each([
    ['a list of your own', 'ubuntu:24.04', { allowed: ['ubuntu:*'] }, 'pass'],
    ['what is discouraged, whatever is allowed', 'ubuntu:latest', { allowed: ['ubuntu:*'] }, 'fail'],
    ['an empty list', 'ubuntu:24.04', { allowed: [] }, 'pass'],
    ['what is discouraged, with an empty list', 'ubuntu:latest', { allowed: [] }, 'fail'],
  ])('heeds %s', (_, name, parameters, outcome) => {
    expect(judgeName(name, parameters)).toBe(outcome)
  })

  test('says what it is built upon, how that is known, and what to build upon', () => {
    expect(judge(baseImage, { content: labelled('node:22') })).toMatchObject({
      reason: 'It is built upon node:22, which is not allowed.',
      evidence: [{ name: 'Base image, by its label', value: 'node:22' }],
      fix: { text: expect.stringContaining('gcr.io/distroless/**') },
    })
    expect(judge(baseImage, { content: labelled('node') }).reason).toBe(
      'It is built upon node:latest, which is discouraged.',
    )
  })

  test('believes the annotation of the manifest first, since labels are inherited', () => {
    const one = platform({
      annotations: { [LABEL]: 'node:22-slim' },
      config: config({ labels: { [LABEL]: 'debian:12' } }),
    })
    expect(judge(baseImage, { content: content(one) }).reason).toBe('It is built upon node:22-slim.')
  })

  test('names the platform of an index that is built upon another', () => {
    const given = index(
      { config: config({ labels: { [LABEL]: 'node:22-slim' } }) },
      { config: config({ labels: { [LABEL]: 'node:22' } }) },
    )
    expect(judge(baseImage, { content: given }).reason).toBe(
      'linux/arm64: It is built upon node:22, which is not allowed.',
    )
  })
})

describe('base-image by layers', () => {
  const bases = [
    { name: 'base/debian:12', layers: [debian] },
    { name: 'base/node:22', layers: [debian, node] },
    { name: 'base/node:latest', layers: [debian, node] },
    { name: 'base/empty:1', layers: [] },
  ]
  const judgeLayers = (layers: readonly string[], parameters: Record<string, unknown> = {}) =>
    judge(baseImage, { content: layered(...layers), bases }, { parameters })

  test('is the known image with the most layers', () => {
    expect(judgeLayers([debian, node, app])).toMatchObject({
      outcome: 'pass',
      reason: 'It is built upon base/node:22.',
      evidence: [{ name: 'Base image, by its layers', value: 'base/node:22, base/node:latest' }],
    })
    expect(judgeLayers([debian, app]).reason).toBe('It is built upon base/debian:12.')
  })

  test('fails where every name of it is discouraged', () => {
    expect(judgeLayers([debian, node], { discouraged: ['**:latest'] }).outcome).toBe('pass')
    expect(judgeLayers([debian, node], { discouraged: ['base/node:*'] })).toMatchObject({
      outcome: 'fail',
      reason: 'It is built upon base/node:22, base/node:latest, which is discouraged.',
    })
  })

  test('is not told of layers in another order', () => {
    expect(judgeLayers([node, debian]).outcome).toBe('unknown')
  })
})

describe('base-image by operating system', () => {
  const judgeOs = (os: string | undefined, parameters: Record<string, unknown> = {}) =>
    judge(baseImage, { content: content(), bases: [], scan: scan({ os }) }, { parameters })

  test.each([
    ['ALPINE_LINUX_3_20', 'alpine:3.20'],
    ['AMAZON_LINUX_2023', 'amazonlinux:2023'],
  ])('%s is allowed as %s', (os, name) => {
    expect(judgeOs(os)).toEqual({
      outcome: 'pass',
      reason: `It is built upon ${name}.`,
      evidence: [{ name: 'Operating system, by its scan', value: os }],
    })
  })

  test('that many share tells nothing', () => {
    expect(judgeOs('DEBIAN_12')).toMatchObject({
      outcome: 'unknown',
      reason:
        'Neither labels nor layers say what it is built upon. Its scan says DEBIAN_12, which many images are built upon.',
      fix: { text: expect.stringContaining(`--label ${LABEL}=`) },
    })
    expect(judgeOs('DEBIAN_12', { allowed: ['debian:12'] }).outcome).toBe('pass')
  })

  test.each([undefined, '', 'something', '12'])('%j is none', (os) => {
    expect(judgeOs(os).reason).toBe('Neither labels nor layers say what it is built upon.')
  })
})

describe('base-image without help', () => {
  test('goes by the label alone, and says what it could not read where there is none', () => {
    const facts = { content: { value: content() }, bases: unread('ECR answered AccessDeniedException') }
    expect(baseImage.judge(facts, defaultsOf(baseImage), { ref: ref(), now: NOW })).toMatchObject({
      outcome: 'unknown',
      reason:
        'Neither labels nor layers say what it is built upon. ' +
        'The images of the base repositories are not known: ECR answered AccessDeniedException.',
    })
    expect(judge(baseImage, { content: labelled('node:22-slim') }).outcome).toBe('pass')
  })

  test('is unknown where the configuration cannot be read', () => {
    expect(judgeUnread(baseImage, 'content').outcome).toBe('unknown')
  })
})
