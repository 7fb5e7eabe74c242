import { describe, expect, test } from 'vitest'
import { errorLine, faultIn, harmless } from '../../action/log.ts'

describe('the log', () => {
  test.each([
    ['::set-output name=verdict::pass', ':\u200b:set-output name=verdict::pass'],
    ['a\n \t::stop-commands::x\nb', 'a\n \t:\u200b:stop-commands::x\nb'],
    ['libfoo ##[add-mask]a', 'libfoo ##\u200b[add-mask]a'],
    ['\r::error::x', '\r:\u200b:error::x'],
  ])('has no command of somebody else: %j', (text, written) => {
    expect(harmless(text)).toBe(written)
  })

  test('is left alone otherwise', () => {
    const text = 'prod/api:1.4.2  CVE-2026-1 std::string\n# [x] #[y]\n'
    expect(harmless(text)).toBe(text)
  })
})

describe('the error on the page of the run', () => {
  test('is one line, whatever it says', () => {
    expect(errorLine('100 %\r\n::warning::x')).toBe('::error title=ecr-steward gate::100 %25%0D%0A::warning::x\n')
  })

  test.each([
    [
      'Waiting…\n\u001b[31merror:\u001b[39m No region is given.\n  Name it with --region.\n',
      'No region is given.\n  Name it with --region.',
    ],
    ['error: one\nerror: two\n', 'two'],
    ['it broke\n    at x.ts\n', '    at x.ts'],
    ['', ''],
  ])('is what the command said last: %j', (said, fault) => {
    expect(faultIn(said)).toBe(fault)
  })
})
