import { describe, expect, test } from 'vitest'
import { errorLine, faultIn } from '../../action/log.ts'

describe('the error on the page of the run', () => {
  test('is one line, whatever it says', () => {
    expect(errorLine('100 %\n::warning::\u001bx')).toBe('::error title=ecr-steward gate::100 %25%0A::warning::�x\n')
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
