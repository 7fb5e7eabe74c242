import { describe, expect, test } from 'vitest'
import { evaluate } from '../../../functions/domain/lifecycle/evaluate.ts'
import { createEvaluation } from '../../../functions/domain/lifecycle/evaluation.ts'
import type { StoredImage } from '../../../functions/domain/lifecycle/image.ts'
import type { Rule } from '../../../functions/domain/lifecycle/rule.ts'
import { ANY, archive, DAY, daysAgo, digestOf, image, keep, NOW, patterns, rulesOf, since, UNTAGGED } from './images.ts'
import { plainEvaluation } from './plain-evaluation.ts'

const actions = (rules: readonly Rule[], images: readonly StoredImage[], children = new Map<string, string[]>()) =>
  evaluate(rules, images, children, NOW).map(({ action }) => action)

describe('the evaluation', () => {
  test('neither counts nor marks children of an index that is there: of 26 images with two of them, 20 stay and 4 go', () => {
    const index = image(['latest'], 0)
    const children = [image([], 30), image([], 31)]
    const images = [index, ...children, ...Array.from({ length: 23 }, (_, days) => image([`v${days}`], days + 1))]
    const listed = new Map([[index.digest, children.map(({ digest }) => digest)]])
    const found = actions(rulesOf(keep(1, 20, ANY)), images, listed)
    expect(found.filter((action) => action === 'expire')).toHaveLength(4)
    expect(found.slice(0, 3)).toEqual(['keep', 'keep', 'keep'])
  })

  test.each([
    ['archived', { status: 'ARCHIVED', archivedAt: daysAgo(1) } as const],
    ['on its way out of the archive', { status: 'ACTIVATING' } as const],
  ])('counts and marks children of an index that is %s', (_, status) => {
    const [index, child] = [image(['latest'], 0, status), image([], 9)]
    const listed = new Map([[index.digest, [child.digest]]])
    expect(actions(rulesOf(since(1, 'sinceImagePushed', 1, UNTAGGED)), [child, index], listed)).toEqual([
      'expire',
      'keep',
    ])
  })

  test('takes an image whose index or subject is not there as any other', () => {
    const [child, signature] = [image([], 9), image([], 9, { subject: digestOf(8_001) })]
    const listed = new Map([[digestOf(8_002), [child.digest]]])
    expect(actions(rulesOf(since(1, 'sinceImagePushed', 1, UNTAGGED)), [child, signature], listed)).toEqual([
      'expire',
      'expire',
    ])
  })

  test('marks to the millisecond: on the instant that the days are over, not before', () => {
    const rules = rulesOf(since(1, 'sinceImagePushed', 1, ANY))
    const pushed = (ago: number) => image([], 0, { pushedAt: NOW.getTime() - ago })
    expect(actions(rules, [pushed(DAY), pushed(DAY - 1)])).toEqual(['expire', 'keep'])
    expect(evaluate(rules, [pushed(DAY - 1)], new Map(), NOW)[0]?.dueAt).toBe('2026-11-20T09:00:00.001Z')
  })

  test('names no due day beyond what can be written', () => {
    const [verdict] = evaluate(rulesOf(since(1, 'sinceImagePushed', 1e15, ANY)), [image([], 1)], new Map(), NOW)
    expect(verdict).toMatchObject({ action: 'keep', ground: 'within-age', dueAt: null })
  })

  test.each([
    ['é-1', 1],
    ['é', 3],
    ['', 3],
    ['v-1', 1],
    ['v1', 2],
  ])('asks the rules for %j, also where no registry takes such a tag', (tag, rule) => {
    const aged = (priority: number, about: object) => since(priority, 'sinceImagePushed', 9, about)
    const rules = rulesOf(aged(1, patterns('*-1')), aged(2, patterns('v*')), aged(3, ANY))
    expect(evaluate(rules, [image([tag], 5)], new Map(), NOW)[0]?.rule).toBe(rule)
  })

  test('takes the smaller digest for the newer where the instant is the same', () => {
    const images = [3, 1, 2].map((n) => image([], 1, { digest: digestOf(n) }))
    expect(actions(rulesOf(keep(1, 2, ANY)), images)).toEqual(['expire', 'keep', 'keep'])
  })

  test('archives where the rule does, and counts what another rule has marked', () => {
    const rules = rulesOf(since(1, 'sinceImagePushed', 2, patterns('v*'), archive), keep(2, 2, ANY))
    const images = [image(['v1'], 3), image(['v2'], 1), image(['dev'], 4), image([], 2)]
    expect(actions(rules, images)).toEqual(['archive', 'keep', 'expire', 'keep'])
  })

  test('says all of a row without its object, and no rules mean no affair', () => {
    const one = image(['v1'], 3)
    const evaluation = createEvaluation([], NOW)
    evaluation.add([one])
    const verdicts = evaluation.end()
    expect([verdicts.digestOf(0), verdicts.tagsOf(0), verdicts.sizeOf(0), verdicts.ruleOf(0)]).toEqual([
      one.digest,
      ['v1'],
      1_000,
      null,
    ])
    expect(verdicts.verdictOf(0)).toMatchObject({ action: 'keep', ground: 'no-rule', dueAt: null })
  })

  test('agrees with the plain one where rules meet in more combinations than two bytes hold', () => {
    const bits = 17
    const rules = rulesOf(...Array.from({ length: bits }, (_, n) => keep(n + 1, 9, patterns(`t${n}`))))
    const images = Array.from({ length: 2 ** bits }, (_, n) =>
      image(
        Array.from({ length: bits }, (__, bit) => `t${bit}`).filter((___, bit) => n & (1 << bit)),
        n / 1_000,
      ),
    )
    const evaluation = createEvaluation(rules, NOW)
    evaluation.add(images)
    const verdicts = evaluation.end()
    const plain = plainEvaluation(rules, images, new Map(), NOW)
    const different = plain.filter(
      (one, row) => one.ground !== verdicts.groundOf(row) || one.rule !== verdicts.ruleOf(row),
    )
    expect(different).toEqual([])
  })
})
