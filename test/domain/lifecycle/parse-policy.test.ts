import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parsePolicy } from '../../../functions/domain/lifecycle/parse-policy.ts'
import { ANY, archive, keep, patterns, prefixes, since, UNTAGGED } from './images.ts'

const parse = (...rules: readonly unknown[]) => parsePolicy(JSON.stringify({ rules }))

/** What is wrong, in one line per fault: `2 selection.countType: …; write …`. */
const faults = (parsed: ReturnType<typeof parsePolicy>): string[] =>
  (parsed.faults ?? []).map(
    ({ rule, field, problem, instead }) => `${rule ?? '-'} ${field ?? '-'}: ${problem}; ${instead}`,
  )

const inArchive = { storageClass: 'archive' }
const selection = (more: object) => ({ tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 1, ...more })
const rule = (more: object) => ({ rulePriority: 1, selection: selection({}), action: { type: 'expire' }, ...more })
const selecting = (more: object) => rule({ selection: selection(more) })

describe('a policy that ECR takes', () => {
  test('is its rules by priority, with what is left out filled in', () => {
    const text = parse(
      keep(20, 5, ANY),
      { ...since(3, 'sinceImagePushed', 14, patterns('prod-*', '*1*2*3*')), description: 'two weeks' },
      since(7, 'sinceImagePulled', 30, prefixes('dev-', ''), archive),
      since(1, 'sinceImageTransitioned', 90, { ...UNTAGGED, ...inArchive }),
    )
    const plain = { prefixes: [], patterns: [], storageClass: 'standard', action: 'expire', description: undefined }
    expect(text.rules).toEqual([
      {
        ...plain,
        priority: 1,
        tagStatus: 'untagged',
        storageClass: 'archive',
        count: { type: 'sinceImageTransitioned', days: 90 },
      },
      {
        ...plain,
        priority: 3,
        description: 'two weeks',
        tagStatus: 'tagged',
        patterns: ['prod-*', '*1*2*3*'],
        count: { type: 'sinceImagePushed', days: 14 },
      },
      {
        ...plain,
        priority: 7,
        tagStatus: 'tagged',
        prefixes: ['dev-', ''],
        count: { type: 'sinceImagePulled', days: 30 },
        action: 'archive',
      },
      { ...plain, priority: 20, tagStatus: 'any', count: { type: 'imageCountMoreThan', images: 5 } },
    ])
  })

  test.each([
    [
      'one for any and one for untagged images in both storage classes',
      [
        keep(1, 1, UNTAGGED),
        keep(2, 1, ANY),
        since(3, 'sinceImageTransitioned', 90, { ...UNTAGGED, ...inArchive }),
        since(4, 'sinceImageTransitioned', 90, { ...ANY, ...inArchive }),
      ],
    ],
    [
      'any of one class before others of the other',
      [since(1, 'sinceImageTransitioned', 90, { ...ANY, ...inArchive }), keep(2, 1, patterns('v*'))],
    ],
    [
      'the same tags in both classes',
      [keep(1, 1, patterns('v*')), since(2, 'sinceImageTransitioned', 90, { ...patterns('v*'), ...inArchive })],
    ],
    ['the same text as a prefix and as a pattern', [keep(1, 1, patterns('v')), keep(2, 1, prefixes('v'))]],
    ['lists that share a text', [keep(1, 1, patterns('v*')), keep(2, 1, patterns('v*', 'w*'))]],
    ['a star in a prefix, which is in no tag', [keep(1, 1, prefixes('*'))]],
    ['fifty rules', Array.from({ length: 50 }, (_, n) => keep(n + 1, 1, prefixes(`v${n}`)))],
    ['a description of 256 characters', [rule({ description: 'x'.repeat(256) })]],
    ['its storage class written out', [selecting({ storageClass: 'standard' })]],
  ])('%s', (_, rules) => {
    expect(faults(parse(...rules))).toEqual([])
  })
})

describe('a policy that ECR refuses says where, what, and what to write instead', () => {
  test.each<[string, unknown, string[]]>([
    ['no rule', [], ['- rules: there are none; write at least one rule']],
    [
      'a text as a rule',
      ['expire'],
      ['1 -: "expire" is no object; write an object with rulePriority, description, selection, action'],
    ],
    [
      'nothing in a rule',
      [{}],
      [
        '1 rulePriority: it is missing; write a number that no other rule has',
        '1 selection: it is missing; write an object with tagStatus, countType and countNumber',
        '1 action: it is missing; write an object with "type": "expire"',
      ],
    ],
    [
      'nothing in its parts',
      [{ rulePriority: 4, selection: {}, action: {} }],
      [
        '4 selection.tagStatus: it is missing; write "tagged", "untagged" or "any"',
        '4 selection.countType: it is missing; write "imageCountMoreThan", "sinceImagePushed", "sinceImagePulled" or "sinceImageTransitioned"',
        '4 selection.countNumber: it is missing; write a whole number from 1',
        '4 action.type: it is missing; write "expire" or "transition"',
      ],
    ],
    [
      'fields that nobody knows',
      [{ ...rule({ note: 'x' }), selection: selection({ tags: [] }), action: { type: 'expire', to: 1 } }],
      [
        '1 note: there is no such field; the fields of rule are rulePriority, description, selection, action',
        '1 selection.tags: there is no such field; the fields of selection are tagStatus, tagPatternList, tagPrefixList, storageClass, countType, countUnit, countNumber',
        '1 action.to: there is no such field; the fields of action are type, targetStorageClass',
      ],
    ],
    [
      'priority 0',
      [rule({ rulePriority: 0 })],
      ['1 rulePriority: 0 is no whole number from 1; write a number that no other rule has'],
    ],
    [
      'half a priority',
      [rule({ rulePriority: 1.5 })],
      ['1 rulePriority: 1.5 is no whole number from 1; write a number that no other rule has'],
    ],
    [
      'a number as a description',
      [rule({ description: 1 })],
      ['1 description: 1 is no text; write a text, or leave it out'],
    ],
    [
      'null as a description',
      [rule({ description: null })],
      ['1 description: null is no text; write a text, or leave it out'],
    ],
    [
      'a long description',
      [rule({ description: 'x'.repeat(257) })],
      ['1 description: it has 257 characters; write at most 256'],
    ],
    [
      'a status that is none',
      [selecting({ tagStatus: 'TAGGED' })],
      ['1 selection.tagStatus: "TAGGED" is not known; write "tagged", "untagged" or "any"'],
    ],
    [
      'tagged without tags',
      [selecting({ tagStatus: 'tagged' })],
      [
        '1 selection.tagPatternList: images with a tag are selected by their tags; write tagPatternList or tagPrefixList; ["*"] is every tag',
      ],
    ],
    [
      'both lists',
      [selecting({ tagStatus: 'tagged', tagPatternList: ['a'], tagPrefixList: ['a'] })],
      ['1 selection.tagPatternList: there are both lists; write tagPatternList or tagPrefixList; ["*"] is every tag'],
    ],
    [
      'prefixes of untagged images',
      [selecting({ tagStatus: 'untagged', tagPrefixList: ['a'] })],
      [
        '1 selection.tagPrefixList: untagged images are not selected by tags; leave it out, or write "tagStatus": "tagged"',
      ],
    ],
    [
      'patterns of any image',
      [selecting({ tagPatternList: ['a'] })],
      ['1 selection.tagPatternList: any images are not selected by tags; leave it out, or write "tagStatus": "tagged"'],
    ],
    [
      'null as a list',
      [selecting({ tagPrefixList: null })],
      [
        '1 selection.tagPrefixList: any images are not selected by tags; leave it out, or write "tagStatus": "tagged"',
        '1 selection.tagPrefixList: null is no list; write a list of texts: ["prod-"]',
      ],
    ],
    [
      'an empty list',
      [selecting(prefixes())],
      ['1 selection.tagPrefixList: the list is empty; write at least one text: ["prod-"]'],
    ],
    [
      'texts that are none',
      [selecting({ tagStatus: 'tagged', tagPatternList: [1, '', 'a b', 'x'.repeat(301), '*a*b*c*d*'] })],
      [
        '1 selection.tagPatternList: 1 is no text; write texts: ["prod-*"]',
        '1 selection.tagPatternList: an empty pattern fits no tag; write "*" for every tag',
        '1 selection.tagPatternList: "a b" has characters that no tag has; write letters, digits, ".", "_" and "-"',
        `1 selection.tagPatternList: "${'x'.repeat(59)}… has 301 characters; write at most 300`,
        '1 selection.tagPatternList: "*a*b*c*d*" has 5 wildcards; write at most 4 in a pattern',
      ],
    ],
    [
      'a count that is none',
      [selecting({ countType: 'sinceImageLoved', countUnit: 'days' })],
      [
        '1 selection.countType: "sinceImageLoved" is not known; write "imageCountMoreThan", "sinceImagePushed", "sinceImagePulled" or "sinceImageTransitioned"',
      ],
    ],
    [
      'a unit of images',
      [selecting({ countUnit: 'days' })],
      ['1 selection.countUnit: imageCountMoreThan counts images; leave it out'],
    ],
    [
      'no unit of days',
      [selecting({ countType: 'sinceImagePushed' })],
      ['1 selection.countUnit: it is missing; write "days"'],
    ],
    [
      'weeks',
      [selecting({ countType: 'sinceImagePushed', countUnit: 'weeks' })],
      ['1 selection.countUnit: "weeks" is not known; write "days"'],
    ],
    [
      'keeping none',
      [selecting({ countNumber: 0 })],
      ['1 selection.countNumber: 0 is no whole number from 1; write a whole number from 1'],
    ],
    [
      'a number as a text',
      [selecting({ countNumber: '5' })],
      ['1 selection.countNumber: "5" is no whole number from 1; write a whole number from 1'],
    ],
    [
      'a class that is none',
      [selecting({ storageClass: 'ARCHIVE' })],
      ['1 selection.storageClass: "ARCHIVE" is not known; write "standard" or "archive"'],
    ],
    [
      'a count of the archive',
      [selecting(inArchive)],
      [
        '1 selection.storageClass: in the archive days since the transition are all that counts; write "countType": "sinceImageTransitioned"',
      ],
    ],
    [
      'days in the archive of what is not there',
      [since(1, 'sinceImageTransitioned', 90, ANY)],
      ['1 selection.storageClass: sinceImageTransitioned counts days in the archive; write "storageClass": "archive"'],
    ],
    [
      'few days in the archive',
      [since(1, 'sinceImageTransitioned', 89, { ...ANY, ...inArchive })],
      ['1 selection.countNumber: an image stays in the archive longer than 89 days; write 90 or more'],
    ],
    [
      'archiving what is archived',
      [since(1, 'sinceImageTransitioned', 90, { ...ANY, ...inArchive }, archive)],
      ['1 action.type: what is in the archive can expire only; write "type": "expire"'],
    ],
    [
      'expiry by pulls',
      [since(1, 'sinceImagePulled', 90, ANY)],
      [
        '1 action.type: what was not pulled for long can be archived only; write "type": "transition", and expire by sinceImageTransitioned in a rule of its own',
      ],
    ],
    [
      'an action that is none',
      [rule({ action: { type: 'delete' } })],
      ['1 action.type: "delete" is not known; write "expire" or "transition"'],
    ],
    [
      'a transition to nowhere',
      [rule({ action: { type: 'transition' } })],
      ['1 action.targetStorageClass: it is missing; write "archive"'],
    ],
    [
      'an expiry to somewhere',
      [rule({ action: { ...archive, type: 'expire' } })],
      [
        '1 action.targetStorageClass: what expires goes to no storage class; leave it out, or write "type": "transition"',
      ],
    ],
    [
      'null as the target of an expiry',
      [rule({ action: { type: 'expire', targetStorageClass: null } })],
      [
        '1 action.targetStorageClass: what expires goes to no storage class; leave it out, or write "type": "transition"',
      ],
    ],
    [
      'the same priority',
      [keep(2, 1, patterns('v*')), keep(2, 1, patterns('w*'))],
      ['2 rulePriority: another rule has the priority 2; write a number that no other rule has'],
    ],
    [
      'the same tags in another order',
      [keep(1, 1, patterns('v*', 'w*')), keep(2, 5, patterns('w*', 'v*'))],
      [
        '2 selection.tagPatternList: rule 1 selects the same tags of the same storage class; select other tags, or make one rule of both',
      ],
    ],
    [
      'the same prefixes',
      [keep(1, 1, prefixes('v')), keep(2, 5, prefixes('v', 'v'))],
      [
        '2 selection.tagPrefixList: rule 1 selects the same tags of the same storage class; select other tags, or make one rule of both',
      ],
    ],
    [
      'untagged images twice',
      [keep(1, 1, UNTAGGED), keep(2, 1, { ...UNTAGGED, storageClass: 'standard' })],
      [
        '2 selection.tagStatus: rule 1 selects untagged images of the same storage class already; make one rule of both',
      ],
    ],
    [
      'any image twice',
      [keep(1, 1, ANY), keep(2, 1, ANY)],
      ['2 selection.tagStatus: rule 1 selects any images of the same storage class already; make one rule of both'],
    ],
    [
      'any image before others',
      [keep(9, 1, patterns('w*')), keep(3, 1, ANY), keep(5, 1, patterns('v*'))],
      ['3 rulePriority: it takes any image, and rule 9 comes after it; write a number above 9'],
    ],
    [
      'rules of which one is broken and one has no priority',
      [
        { selection: { ...ANY, countType: 'imageCountMoreThan', countNumber: 1 }, action: { type: 'expire' } },
        keep(2, 0, UNTAGGED),
        7,
      ],
      [
        '1 rulePriority: it is missing; write a number that no other rule has',
        '2 selection.countNumber: 0 is no whole number from 1; write a whole number from 1',
        '3 -: 7 is no object; write an object with rulePriority, description, selection, action',
      ],
    ],
    [
      'fifty-one rules',
      Array.from({ length: 51 }, (_, n) => keep(n + 1, 1, prefixes(`v${n}`))),
      ['- rules: there are 51; write at most 50'],
    ],
  ])('%s', (_, rules, expected) => {
    expect(faults(parsePolicy(JSON.stringify({ rules }).padEnd(100)))).toEqual(expected)
  })

  const template = 'write {"rules": [{"rulePriority": 1, "selection": {…}, "action": {"type": "expire"}}]}'

  test.each([
    [
      'another kind of list',
      { rules: { 1: rule({}) } },
      [`- rules: {"1":{"rulePriority":1,"selection":{"tagStatus":"any","count… is no list; ${template}`],
    ],
    ['no rules', {}, [`- rules: it is missing; ${template}`]],
    ['a list', [], [`- rules: [] is no object; ${template}`]],
    ['null', null, [`- rules: null is no object; ${template}`]],
    [
      'more fields',
      { rules: [rule({})], version: 1 },
      ['- version: there is no such field; a policy has the field rules alone'],
    ],
  ])('%s as a policy', (_, policy, expected) => {
    expect(faults(parsePolicy(JSON.stringify(policy).padEnd(100)))).toEqual(expected)
  })

  test('no JSON, with what the parser says', () => {
    const [fault] = parsePolicy('{'.padEnd(100)).faults ?? []
    expect(fault?.problem).toMatch(/^the text is no JSON: .*position/)
    expect(fault?.instead).toBe(template)
  })

  test('a text that is too short or too long, beside all else', () => {
    const text = JSON.stringify({ rules: [] })
    expect(faults(parsePolicy(text))).toEqual([
      '- -: the text has 12 characters; write 100 to 30,720 characters',
      '- rules: there are none; write at least one rule',
    ])
    const right = JSON.stringify({ rules: [rule({})] })
    expect(faults(parsePolicy(right.padEnd(30_720)))).toEqual([])
    expect(faults(parsePolicy(right.padEnd(30_721)))).toEqual([
      '- -: the text has 30,721 characters; write 100 to 30,720 characters',
    ])
  })
})

test('whatever is written, it is rules or faults, and every fault says what to write', () => {
  const key = fc.constantFrom('rules', 'rulePriority', 'selection', 'action', 'tagStatus', 'countType', 'type', 'x')
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom(null, 1, 0, -1, 'any', 'tagged', 'expire', 'sinceImagePushed', '', [], {}),
      fc.dictionary(key, tie('any')),
      fc.array(tie('any'), { maxLength: 3 }),
    ),
  })).any
  fc.assert(
    fc.property(
      fc.oneof(
        fc.json(),
        fc.string(),
        value.map((one) => JSON.stringify({ rules: one })),
      ),
      (text) => {
        const { rules, faults: found } = parsePolicy(text)
        expect(Boolean(rules)).toBe(!found)
        for (const { problem, instead } of found ?? []) expect(problem && instead).not.toBe('')
      },
    ),
    { numRuns: 2_000 },
  )
})
