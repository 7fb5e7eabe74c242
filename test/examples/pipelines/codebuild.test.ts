import * as v from 'valibot'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { BuildspecSchema, buildspec, buildspecText, runBuildspec } from './buildspec.ts'
import { DIGEST, like, machine, REGISTRY } from './machine.ts'

const COMMIT = '0123456789abcdef0123456789abcdef01234567'
const isKnown = (text: string): boolean => v.safeParse(BuildspecSchema, parse(text)).success

const on = machine()
let passed: Awaited<ReturnType<typeof runBuildspec>>
beforeAll(async () => {
  passed = await runBuildspec(on)
})

describe('buildspec.yml', () => {
  test('has the keys of a buildspec, and no other', () => {
    expect(isKnown(buildspecText)).toBe(true)
    expect(isKnown(buildspecText.replace('on-failure: ABORT', 'on_failure: ABORT'))).toBe(false)
    expect(isKnown(buildspecText.replace('JUNITXML', 'JUNIT'))).toBe(false)
    expect(isKnown(buildspecText.replace('post_build:', 'postbuild:'))).toBe(false)
  })

  test('pushes under the commit, judges by digest, and hands on what passed by digest', () => {
    const { code, phases, calls } = passed
    expect([code, phases]).toEqual([0, ['install', 'pre_build', 'build', 'post_build']])
    expect(like(calls, 'docker push')).toEqual([`docker push ${REGISTRY}/prod/api:${COMMIT}`])
    expect(like(calls, 'ecr-steward gate')).toEqual([
      `ecr-steward gate ${REGISTRY}/prod/api@${DIGEST} --timeout 15m --output table --output junit=gate.xml --digest-file image.digest`,
    ])
    expect(JSON.parse(on.read('imagedefinitions.json'))).toEqual([
      { name: 'web', imageUri: `${REGISTRY}/prod/api@${DIGEST}` },
    ])
  })

  test('installs one exact version, without its scripts', () => {
    expect(like(passed.calls, 'npm')).toEqual([
      expect.stringMatching(/^npm install --global --ignore-scripts .* ecr-steward@\d+\.\d+\.\d+$/),
    ])
  })

  test('logs in again before the push, for the token may have ended', () => {
    const order = passed.calls.map((call) => call.slice(0, 2).join(' '))
    expect(order.filter((call) => /^docker (?:login|build|push)/.test(call))).toEqual([
      ...['docker login', 'docker build', 'docker login', 'docker push'],
    ])
  })

  test.each(['1', '3'])('hands nothing on where the gate ends with %s', async (GATE) => {
    const other = machine()
    const { code, failed } = await runBuildspec(other, { GATE })
    expect([code, failed]).toEqual([1, ['post_build']])
    expect(other.has('imagedefinitions.json')).toBe(false)
  })

  test('reports what the gate found', () => {
    const { 'image-gate': report } = buildspec.reports ?? {}
    const gate = buildspec.phases.post_build?.commands.find((command) => command.startsWith('ecr-steward gate')) ?? ''
    expect(/ --output junit=(\S+) /.exec(gate)?.[1]).toBe(report?.files.join())
    // What is aborted may end without its report.
    expect(buildspec.phases.post_build).not.toHaveProperty('on-failure')
  })

  test.each([
    ['npm install', 'install'],
    ['docker login', 'pre_build'],
    ['docker build', 'build'],
    ['docker push', 'build'],
    ['docker image inspect', 'build'],
  ])('judges nothing and hands nothing on where %s fails', async (FAIL, phase) => {
    const other = machine()
    const { code, failed, calls } = await runBuildspec(other, { FAIL })
    expect([code, failed]).toEqual([1, [phase]])
    expect(like(calls, 'ecr-steward gate')).toEqual([])
    expect(other.has('imagedefinitions.json')).toBe(false)
  })

  test('judges nothing after a failed build, should post_build come nevertheless', async () => {
    const { code, failed, calls } = await runBuildspec(machine(), { FAIL: 'docker push' }, false)
    expect([code, failed]).toEqual([1, ['build', 'post_build']])
    expect(like(calls, 'ecr-steward gate')).toEqual([])
  })
})
