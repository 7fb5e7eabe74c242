import { expect, test } from 'vitest'
import { unifiedDiff } from '../../functions/policy/unified-diff.ts'

test('a fix that changes a document is shown as what goes and what comes', () => {
  const before = JSON.stringify({ rules: [{ a: 1 }] }, null, 2)
  const after = JSON.stringify({ rules: [{ a: 1 }, { b: 2 }] }, null, 2)
  expect(unifiedDiff({ text: '', change: { before, after } }, 'lifecycle policy')).toBe(
    [
      '--- lifecycle policy (as it is)',
      '+++ lifecycle policy (as it would be)',
      '@@ -1,7 +1,10 @@',
      ' {',
      '   "rules": [',
      '     {',
      '       "a": 1',
      '+    },',
      '+    {',
      '+      "b": 2',
      '     }',
      '   ]',
      ' }',
    ].join('\n'),
  )
})

test('a fix that changes no document has none', () => {
  expect(unifiedDiff({ text: 'Do it.' }, 'policy')).toBeUndefined()
})
