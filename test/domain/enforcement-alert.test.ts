import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { AlertSchema } from '../../functions/domain/alert.ts'
import { composeEnforcement, type RemedyOutcome } from '../../functions/domain/enforcement-alert.ts'
import { policyTelling, verdict } from '../builders.ts'

const put = (imageTagMutability: string) =>
  ({ operation: 'PutImageTagMutability', input: { repositoryName: 'prod/api', imageTagMutability } }) as const

const outcome = (change: Partial<RemedyOutcome> = {}): RemedyOutcome => ({
  verdict: verdict(),
  remedy: { what: 'Make tags immutable', write: put('IMMUTABLE'), undo: put('MUTABLE') },
  state: 'done',
  ...change,
})

const LINE =
  'aws ecr put-image-tag-mutability --region ap-northeast-1 --repository-name prod/api --image-tag-mutability'

describe('the alert on a setting that was put right', () => {
  const alert = composeEnforcement(policyTelling(), [outcome()])

  test('is a valid envelope that asks nothing of anybody', () => {
    expect(v.parse(AlertSchema, alert)).toMatchObject({
      kind: 'enforcement',
      severity: 'INFORMATIONAL',
      title: 'Put right in prod/api: tag immutability',
      summary: '1 put right',
      todo: 'Nothing, unless the change was meant: then agree on an exception in steward.yaml before you take it back.',
    })
  })

  test('says what it was, and gives the line that takes it back', () => {
    expect(alert.items).toEqual([
      {
        id: 'tag-immutability',
        severity: 'MEDIUM',
        change: 'gone',
        subject: 'prod/api',
        text: 'Make tags immutable: done, and read back.',
        notes: ['Before: Tags can be moved to another image.', 'Tag mutability: MUTABLE'],
        fix: 'This takes it back:',
        command: `${LINE} MUTABLE`,
      },
    ])
  })
})

describe('the alert on a setting that could not be put right', () => {
  const failed = outcome({ state: 'failed', why: 'ECR answered AccessDenied' })

  test('is as bad as the rule, and gives the line to do it by hand', () => {
    const alert = composeEnforcement(policyTelling(), [outcome(), failed])
    expect(alert).toMatchObject({
      severity: 'MEDIUM',
      title: 'Could not put right in prod/api: tag immutability',
      summary: '1 could not be put right, 1 put right',
    })
    expect(alert.todo).toContain('by hand')
    expect(alert.items.map(({ change }) => change)).toEqual(['new', 'gone'])
    expect(alert.items[0]).toMatchObject({
      text: 'Make tags immutable: failed, ECR answered AccessDenied.',
      fix: 'Make the tags of the repository immutable.',
      command: `${LINE} IMMUTABLE`,
      cdk: 'imageTagMutability: TagMutability.IMMUTABLE',
    })
  })

  test('names what it is about also where the rule has no fix and nobody says why', () => {
    const { fix: _, ...bare } = verdict()
    const { items } = composeEnforcement(policyTelling(), [outcome({ state: 'failed', verdict: bare })])
    expect(items[0]).toMatchObject({
      fix: 'Make tags immutable',
      text: 'Make tags immutable: failed, the reason is in the log.',
    })
    expect(items[0]).not.toHaveProperty('cdk')
  })
})

describe('the alert on a setting that somebody keeps changing back', () => {
  test('says that the steward has stopped, and why', () => {
    const alert = composeEnforcement(policyTelling(), [
      outcome({ state: 'failed', verdict: verdict({ severity: 'LOW' }) }),
      outcome({ state: 'stopped', why: 'reverted twice within an hour', verdict: verdict({ severity: 'HIGH' }) }),
    ])
    expect(alert).toMatchObject({
      severity: 'HIGH',
      title: 'Stopped putting right tag immutability in prod/api: reverted twice within an hour',
      summary: '1 stopped, 1 could not be put right',
    })
    expect(alert.items[0]?.text).toBe('Make tags immutable: not done again, reverted twice within an hour.')
    expect(alert.todo).toContain('something keeps changing it back')
  })

  test('has words of its own where nobody says why', () => {
    expect(composeEnforcement(policyTelling(), [outcome({ state: 'stopped' })]).title).toMatch(/: it does not last$/)
  })
})

test('a title names three settings and counts the others', () => {
  const rules = ['scan-on-push', 'lifecycle-policy', 'required-tags', 'repository-policy']
  const alert = composeEnforcement(
    policyTelling(),
    rules.map((rule) => outcome({ verdict: verdict({ rule }) })),
  )
  expect(alert.title).toBe('Put right in prod/api: scan on push, lifecycle policy, required tags and 1 more')
})

test('the id is that of the event and of what became of it', () => {
  const idOf = (state: RemedyOutcome['state'], event: string) =>
    composeEnforcement(policyTelling({ events: [event] }), [outcome({ state })]).id
  expect(idOf('done', 'event-1')).toBe(idOf('done', 'event-1'))
  expect(new Set([idOf('done', 'event-1'), idOf('failed', 'event-1'), idOf('done', 'event-2')]).size).toBe(3)
})
