import { describe, expect, it } from 'vitest'
import { exampleOf } from '../../cli/rules/rule-example.ts'
import { RULES } from '../../functions/domain/rulebook.ts'
import { rulesDocument } from '../../scripts/rules-document.ts'
import { around, parsed } from '../config/read.ts'

const TEXT = rulesDocument()

const GOOGLE = 'issuer: https://accounts.google.com'
const SIGNERS = `signers: { ci: { identity: ci@a.example, ${GOOGLE} }, release: { identity: b@a.example, ${GOOGLE} } }`

const sectionOf = (id: string): string => TEXT.split(`\n### ${id}\n`)[1]?.split(/\n##+ /)[0] ?? ''

describe.each(RULES.map((rule) => [rule.id, rule] as const))('the documentation of %s', (id, rule) => {
  it('shows an entry that the configuration takes', () => {
    const [, entry = ''] = /```yaml\n([\s\S]*?)```/.exec(sectionOf(id)) ?? []
    // Whose signatures count is written elsewhere.
    const { config, warnings } = parsed(around(entry.includes('signed-by') ? `${SIGNERS}\n${entry}` : entry))

    expect([...config.policy.flatMap(({ rules }) => rules), ...config.registry.rules].map((one) => one.rule)).toEqual([
      id,
    ])
    expect(warnings.filter((line) => !line.includes('no rule asks for it'))).toEqual([])
  })

  it('shows a fail of the worst case, and how to fix it', () => {
    expect(exampleOf(rule).judgement.outcome).toBe('fail')
    expect(sectionOf(id)).toContain('**To fix it:**')
  })

  it('shows what enforce does, and what takes it back, where it does something', () => {
    expect(exampleOf(rule).remedy !== undefined).toBe(rule.enforceable)
    expect(sectionOf(id).includes('**`enforce`**')).toBe(rule.enforceable)
  })

  it('is linked from the table on top', () => {
    expect(TEXT).toContain(`| [\`${id}\`](#${id}) | ${rule.about} |`)
  })
})

it('says of a rule that needs what no push brings that it is not judged there', () => {
  expect(sectionOf('required-tags')).toContain('judged on change, check')
  expect(sectionOf('tag-immutability')).toContain('judged on push, change, check')
  expect(sectionOf('max-image-size')).toContain('judged on push, check')
})

it('shows words of a rule as they are, whatever Markdown makes of them', () => {
  const [rule] = RULES
  const odd = rulesDocument(rule ? [{ ...rule, summary: 'No *stars*, <b>, [x] or a | b but `*`.' }] : [])

  expect(odd).toContain('**No \\*stars\\*, \\<b>, \\[x\\] or a | b but `*`.**')
  expect(odd).toContain('| No \\*stars\\*, \\<b>, \\[x\\] or a \\| b but `*`. |')
})
