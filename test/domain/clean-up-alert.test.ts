import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { AlertSchema } from '../../functions/domain/alert.ts'
import { type CleanUp, composeCleanUp } from '../../functions/domain/clean-up-alert.ts'
import { standingOf } from '../../functions/domain/standing.ts'
import { policyTelling } from '../builders.ts'
import { applied, digestOf, plan, planItem, planItems, STORE } from './clean-up/told.ts'

const registry = { account: '123456789012', region: 'ap-northeast-1', tags: [] }

const tell = (cleanUp: Partial<CleanUp>) =>
  v.parse(AlertSchema, composeCleanUp(policyTelling({ subject: registry }), { plan: plan(), store: STORE, ...cleanUp }))

const keptBy = (number: number, ...by: string[]) => ({ repository: 'ci/api', digest: digestOf(number), tags: [], by })

const BLOCK = {
  repository: null,
  why: 'ecs of 123456789012 in ap-northeast-1 is not complete: AccessDenied for ecs:ListTasks',
}

describe('a plan of a dry run', () => {
  const items = [...planItems(3), planItem(9, { repository: 'ci/web', sizeBytes: 2_000_000_000 })]
  const alert = tell({
    plan: plan({
      items,
      protected: [
        keptBy(20, 'ECS task definition web:42'),
        keptBy(21, 'ECS task definition web:42', 'Lambda function resize, version 7'),
        keptBy(22, 'it was pushed less than a day ago'),
      ],
      heldBack: [{ repository: 'ci/api', images: 5, why: 'at most 20% of the repository' }],
    }),
  })

  test('says what can go, what it is worth, what stays and by whom', () => {
    expect(alert).toMatchObject({
      kind: 'clean-up',
      severity: 'INFORMATIONAL',
      title: 'Clean-up in dry-run: 4 images can go, at most 2.75 GB, $0.28 a month',
      summary: '3 that a rule names stay, 5 wait for the next plan.',
      facts: [
        { name: 'Plan', value: '2026-11-25t03-00z' },
        { name: 'Looked at', value: '50 images in 2 repositories' },
        { name: 'Stay', value: '3 images, by ECS task definition web:42 (2), it was pushed less than a day ago' },
        { name: 'Held back', value: '5 images: at most 20% of the repository' },
        { name: 'Expires', value: '2026-11-26 03:00 UTC' },
      ],
    })
  })

  test('counts by repository, that with the most bytes first', () => {
    expect(alert.items).toEqual([
      expect.objectContaining({ id: 'ci/web', change: 'new', text: '1 image of 10, 2 GB', notes: [] }),
      expect.objectContaining({ id: 'ci/api', text: '3 images of 40, 750 MB', notes: ['3 stay', '5 held back'] }),
    ])
  })

  test('has the line that carries out just this plan, and proposes no more', () => {
    expect(alert.command).toBe(
      `ecr-steward clean-up apply 2026-11-25t03-00z --store ${STORE} --region ap-northeast-1 --yes`,
    )
    expect(alert.todo).toContain('until 2026-11-26 03:00 UTC')
    expect(standingOf(alert)).toBe('PROPOSED')
  })

  test('speaks of an archive where nothing goes', () => {
    const archive = planItems(2, { action: 'archive' })
    expect(tell({ plan: plan({ items: archive }) })).toMatchObject({
      title: 'Clean-up in dry-run: 2 images can be archived',
      summary: '2 to be archived.',
    })
  })

  test('of a few bytes is worth less than a cent', () => {
    expect(tell({ plan: plan({ items: [planItem(1, { sizeBytes: 10 })] }) }).title).toBe(
      'Clean-up in dry-run: 1 image can go, at most 10 B, less than $0.01 a month',
    )
  })

  test('of a repository that was not counted still says how many', () => {
    expect(tell({ plan: plan({ population: {} }) }).items[0]?.text).toBe('2 images of 2, 500 MB')
  })
})

describe('a plan that is blocked', () => {
  test('says that nothing is removed, why, and what to mend', () => {
    const alert = tell({ plan: plan({ items: [], blocked: [BLOCK] }) })
    expect(alert).toMatchObject({
      severity: 'MEDIUM',
      title: 'Clean-up is blocked: nothing is removed',
      summary: '1 thing stands in the way.',
      todo: 'Mend what is noted above: until then nothing is removed.',
      notices: [`All repositories: ${BLOCK.why}`],
    })
    expect(alert.command).toBeUndefined()
  })

  test('in some repositories is about the others too', () => {
    const alert = tell({ plan: plan({ blocked: [{ repository: 'ci/web', why: 'gone' }] }) })
    expect([alert.severity, alert.notices]).toEqual(['MEDIUM', ['ci/web: gone']])
    expect(alert.command).toContain('clean-up apply')
  })

  test('for many reasons names the first', () => {
    const blocked = Array.from({ length: 23 }, (_, index) => ({ repository: `r${index}`, why: 'gone' }))
    const { notices } = tell({ plan: plan({ blocked }) })
    expect([notices.length, notices.at(-1)]).toEqual([21, '… and 3 more reasons, in the plan.'])
  })
})

describe('what was applied', () => {
  test('is settled, with what was freed and the line that takes it back', () => {
    const alert = tell({ applied: applied({ alreadyGone: 1 }) })
    expect(alert).toMatchObject({
      severity: 'INFORMATIONAL',
      title: 'Removed 2 images: at most 500 MB, $0.05 a month',
      summary: '2 removed, 1 gone already.',
      items: [{ id: 'ci/api', change: 'gone', text: '2 images of 40, 500 MB' }],
      command: `ecr-steward clean-up undo 2026-11-25t03-00z --store ${STORE} --region ap-northeast-1 --yes`,
    })
    expect(standingOf(alert)).toBe('SETTLED')
  })

  test('may be archived', () => {
    expect(tell({ applied: applied({ archived: 1 }) }).title).toMatch(/^Removed 2 images and archived 1: /)
    expect(tell({ applied: applied({ deleted: 0, archived: 3, freedBytes: 0 }) }).title).toBe('Archived 3 images')
  })

  test('of nothing that has bytes is worth nothing', () => {
    const none = plan({ items: planItems(2, { sizeBytes: 0 }) })
    expect(tell({ plan: none, applied: applied({ freedBytes: 0 }) }).title).toContain('at most 0 B, less than $0.01')
  })

  test('names what failed before the repositories, and how to take back the rest', () => {
    const failed = [{ repository: 'ci/api', digest: digestOf(2), why: 'ECR refused it: ImageInUse' }]
    const kept = [{ repository: 'ci/api', digest: digestOf(1), why: 'it was pulled since' }]
    const alert = tell({ applied: applied({ deleted: 0, failed, kept }) })
    expect(alert).toMatchObject({ severity: 'MEDIUM', title: 'Clean-up: 1 image could not be removed' })
    expect(alert.items).toMatchObject([
      { id: 'ci/api@sha256:000000000000', severity: 'MEDIUM', change: 'new', text: 'ECR refused it: ImageInUse' },
      { id: 'ci/api', change: 'gone', text: '0 images of 40, 0 B', notes: ['2 not touched'] },
    ])
    expect(standingOf(alert)).toBe('MEDIUM')
  })

  test('that stopped says why, and that not all is done', () => {
    const alert = tell({ applied: applied({ deleted: 1, left: 1, stopped: { by: 'time', why: 'its time was over' } }) })
    expect(alert.summary).toBe('1 removed, 1 left. Stopped: its time was over.')
    expect(alert.items[0]?.notes).toContain('planned, not all done')
    expect(alert.severity).toBe('INFORMATIONAL')
  })

  test('that stopped before it began removed nothing', () => {
    const stopped = { by: 'stop-switch', why: 'the stop switch is on' } as const
    const alert = tell({ applied: applied({ deleted: 0, left: 2, stopped }) })
    expect([alert.severity, alert.title]).toEqual(['LOW', 'Clean-up stopped: nothing was removed'])
    expect(alert.todo).toBe('Nothing: the next run makes a new plan.')
  })

  test('by a fault of its own asks not to go on', () => {
    const alert = tell({
      applied: applied({ deleted: 1, left: 1, stopped: { by: 'bug', why: 'an index is not known' } }),
    })
    expect([alert.severity, alert.title]).toEqual(['HIGH', 'Clean-up stopped: a fault of its own after 1 image'])
    expect(alert.todo).toMatch(/^Do not apply again/)
  })

  test('may be nothing at all', () => {
    const none = applied({ deleted: 0, freedBytes: 0 })
    expect(tell({ applied: none })).toMatchObject({ title: 'Clean-up: nothing was removed' })
    expect(tell({ plan: plan({ items: [] }) }).summary).toBe('Nothing stands in the way.')
  })
})

test('a plan has one alert, however often it is told', () => {
  expect(tell({}).id).toBe(tell({ plan: plan({ blocked: [BLOCK] }) }).id)
  expect(tell({}).id).not.toBe(tell({ plan: plan({ id: '2026-11-26t03-00z' }) }).id)
})

test('hundreds of repositories are counted, not listed', () => {
  const items = Array.from({ length: 130 }, (_, index) => planItem(index, { repository: `ci/r${index}` }))
  const alert = tell({ plan: plan({ items }) })
  expect([alert.items.length, alert.omitted]).toEqual([100, 30])
})
