import { describe, expect, it } from 'vitest'
import { drawn } from '../../../../functions/domain/sweep/page/drawn.ts'
import { views, viewsText } from '../../../../functions/domain/sweep/page/repository-view.ts'
import { toRow } from '../../../../functions/domain/sweep/page/rows.ts'
import type { RepositoryReport } from '../../../../functions/domain/sweep/report.ts'
import { finding, image, repository, sums, verdict } from './report.ts'

const { repositoryView, rowView } = views()

const unfolded = (of: RepositoryReport): string =>
  repositoryView(toRow(of), of.details)
    .map((view) => drawn(view).text)
    .join('')

const ofImage = (change: Parameters<typeof image>[0]): string =>
  unfolded(repository({ details: { verdicts: [], lints: [], images: [image(change)], omitted: 0 } }))

describe('a repository in the table', () => {
  it('unfolds to what it is, and why it has its score', () => {
    const text = unfolded(
      repository({ ...sums({ images: 1, bytes: 42_400_000_000, dollarsPerMonth: 0.001 }), score: 42.4 }),
    )
    expect(text).toContain('Score 42 of 100: −52.6 for 4 critical findings, overdue; −5 for 1 medium fail.')
    expect(text).toContain(
      '1 image judged; 42 GB in store, &lt;$0.01 a month; clean-up would take 1 GB, $0.10 a month.',
    )
    expect(unfolded(repository({ score: 100, losses: [], removableBytes: 0 }))).toContain('Score 100 of 100.')
  })

  it('says what is lost for reasons that a report of many repositories leaves out', () => {
    const losses = [{ why: 'a fails', points: 25 }]
    expect(unfolded(repository({ losses }))).toContain('Score 42 of 100: −25 for a fails; −32.6 for other reasons.')
    expect(unfolded(repository({ losses, score: 75 }))).toContain('Score 75 of 100: −25 for a fails.')
  })

  it('says what could not be read', () => {
    expect(unfolded(repository({ unread: ['its policy: denied', 'its tags'] }))).toContain(
      'Could not be read, so not judged whole: its policy: denied; its tags',
    )
    expect(drawn(rowView(toRow(repository({ unread: ['its tags'] })), 3, [])).text).toContain('read in part')
  })

  it('says where the rest is, with a command that may be copied only where the name is one', () => {
    expect(unfolded(repository({ details: undefined }))).toContain('ecr-steward check --images prod/api')
    expect(unfolded(repository({ details: undefined, repository: 'a; rm -rf ~' }))).not.toContain('ecr-steward check')
  })

  it('shows rules, how to fix them, and who agreed to live with them', () => {
    const verdicts = [verdict({ outcome: 'unknown', fix: undefined, command: undefined, excepted: 'moves soon' })]
    const text = unfolded(repository({ details: { verdicts, lints: [], images: [], omitted: 2 } }))
    expect(text).toContain('<span class="severity undefined">unknown</span> <code>tag-immutability</code>')
    expect(text).toContain('Excepted: moves soon')
    expect(text).not.toContain('How to fix')
    expect(text).not.toContain('Images with')
    expect(text).toContain('2 more images are left out')
    expect(unfolded(repository())).toContain('How to fix: Turn on tag immutability')
  })

  it('names an image by its tag, or by its digest where it has none', () => {
    expect(ofImage({})).toContain('<code>1.4.2</code> and 1 more tag: 1 critical, 1 high, 1 rule</summary>')
    expect(ofImage({ tags: ['a', 'b', 'c'] })).toContain('<code>a</code> and 2 more tags')
    expect(ofImage({ tags: [], verdicts: [], counts: {} })).toContain(
      '<code>sha256:4a4a4a4a4a4a</code>: no findings</summary>',
    )
    expect(ofImage({ scan: 'failed', verdicts: [verdict(), verdict()] })).toContain(': scan: failed, 2 rules</summary>')
    expect(ofImage({ counts: { HIGH: 0, LOW: 2 }, users: [] })).toContain(': 2 low, 1 rule</summary>')
  })

  it('says of a finding how long it is known, and how to fix it', () => {
    const findings = [
      finding({ days: 1, overdue: true }),
      finding({ days: 3, overdue: false, fixed: undefined, url: 'http://plain.example', severity: 'UNDEFINED' }),
    ]
    const text = ofImage({ findings, omitted: 1 })
    expect(text).toContain('<span class="late">1 day, overdue</span>')
    expect(text).toContain('Upgrade openssl to 3.0.15.')
    expect(text).toContain('<td>3 days</td><td>No version that fixes it is known.</td>')
    expect(text).toContain('<bdi>CVE-2026-31789</bdi>')
    expect(text).toContain('1 more finding is left out')
  })

  it('draws the same in the page, from its text', () => {
    const inPage = new Function(`return ${viewsText()}`)() as ReturnType<typeof views>
    const row = toRow(repository())
    expect(inPage.rowView(row, 1, inPage.repositoryView(row, repository().details))).toEqual(
      rowView(row, 1, repositoryView(row, repository().details)),
    )
  })
})
