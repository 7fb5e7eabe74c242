import { describe, expect, it } from 'vitest'
import { reportMarkdown } from '../../../functions/domain/sweep/markdown.ts'
import { empty, pass, report, repository } from './page/report.ts'

const [fix] = report().fixes
const [owner] = report().owners

describe('reportMarkdown', () => {
  it('is as it was agreed', async () => {
    await expect(reportMarkdown(report())).toMatchFileSnapshot('__snapshots__/report.md')
  })

  it('says that all is well in few words', async () => {
    await expect(reportMarkdown(pass())).toMatchFileSnapshot('__snapshots__/pass.md')
  })

  it('never looks well where nothing could be judged', () => {
    const text = reportMarkdown(empty())
    expect(text).toContain('# ❔ Unknown')
    expect(text).toContain('No repositories were found in 1 registry.')
    expect(text).toContain('AccessDenied')
  })

  it('names twenty that were not judged, and counts the rest', () => {
    const one = { account: '1', region: 'r', why: 'denied' }
    const notJudged = Array.from({ length: 25 }, (_, n) => ({ ...one, repository: n === 0 ? null : `prod/${n}` }))
    const text = reportMarkdown(
      report({ coverage: { listed: 60, judged: 35, notWhole: 0, complete: false, notJudged, omitted: 3 } }),
    )
    expect(text).toContain('> - `1 r`: denied')
    expect(text).toContain('> - … and 8 more')
  })

  it('says how many owners and fixes it leaves out', () => {
    const text = reportMarkdown(
      report({
        ownersOmitted: 3,
        owners: Array.from({ length: 22 }, (_, n) => ({ ...owner, owner: `o${n}` }) as NonNullable<typeof owner>),
        fixes: Array.from({ length: 11 }, () => fix as NonNullable<typeof fix>),
      }),
    )
    expect(text).toContain('… and 5 more owners.')
    expect(text).toContain('… and 1 more fix.')
  })

  it.each([
    ['<img src=x onerror=alert(1)>', '\\<img src=x onerror=alert\\(1\\)\\>'],
    ['[here](https://evil.example)', '\\[here\\]\\(https\\://evil.example\\)'],
    ['see https://evil.example', 'see https\\://evil.example'],
    ['www.evil.example', 'www\\.evil.example'],
    ['ask @security-team', 'ask ＠security-team'],
    ['closes #12 and GH-12', 'closes ＃12 and GH‑12'],
    ['**bold** _it_ `code` ~~s~~ a|b $x$', '\\*\\*bold\\*\\* \\_it\\_ \\`code\\` \\~\\~s\\~\\~ a\\|b \\$x\\$'],
    ['# head', '\\# head'],
    ['- item', '\\- item'],
    ['1. one', '1\\. one'],
    ['two\nlines', 'two�lines'],
  ])('shows %j as words', (title, shown) => {
    const fixes = [{ ...fix, title } as NonNullable<typeof fix>]
    expect(reportMarkdown(report({ fixes }))).toContain(`1. **${shown}**`)
  })

  it('keeps a name within its code and its cell', () => {
    const text = reportMarkdown(report({ repositories: [repository({ repository: 'a`|b`<i>' })] }))
    expect(text).toContain('| `aˋ¦bˋ<i>` |')
  })

  it.each([
    [
      'aws ecr put-image-scanning-configuration --repository-name a',
      '`aws ecr put-image-scanning-configuration --repository-name a`',
    ],
    ['x'.repeat(300), 'The command is in report.html.'],
    ['aws ecr get-login-password | docker login', 'The command is in report.html.'],
  ])('shows a command as it is, or not at all: %j', (command, shown) => {
    const fixes = [{ ...fix, command } as NonNullable<typeof fix>]
    expect(reportMarkdown(report({ fixes }))).toContain(`\n   ${shown}\n`)
  })

  it('has at most 60,000 characters, whatever it is about', () => {
    const title = '`'.repeat(300)
    const one = { ...fix, title, command: 'x'.repeat(300) } as NonNullable<typeof fix>
    const notJudged = Array.from({ length: 20 }, () => ({ account: '1', region: 'r', repository: title, why: title }))
    const long = repository({ repository: 'r'.repeat(300), owner: 'o'.repeat(300) })
    const owners = Array.from({ length: 20 }, () => ({ ...owner, owner: 'o'.repeat(300) }) as NonNullable<typeof owner>)
    const targets = Array.from({ length: 20 }, () => ({
      account: '1',
      region: 'r',
      listed: 1,
      judged: 0,
      problem: title,
    }))
    const text = reportMarkdown(
      report({
        targets,
        coverage: { listed: 60, judged: 35, notWhole: 0, complete: false, notJudged, omitted: 3 },
        fixes: Array.from({ length: 10 }, () => one),
        owners,
        repositories: Array.from({ length: 20 }, () => long),
      }),
    )
    expect(text.length).toBeLessThanOrEqual(60_000)
    expect(text.length).toBeGreaterThan(45_000)
  })
})
