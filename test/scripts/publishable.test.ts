import { expect, test } from 'vitest'
import { obstacles } from '../../scripts/publishable.ts'

test('a clean checkout of the commit that is tagged for the version is published', () => {
  expect(obstacles({ changes: [], tags: ['latest', 'v1.2.0'] }, '1.2.0')).toEqual([])
})

test.each([
  [{ changes: [' M package.json'], tags: ['v1.2.0'] }, ['There are 1 changes that are in no commit.']],
  [{ changes: [], tags: ['v1.1.0'] }, ['This commit has no tag v1.2.0: git tag v1.2.0']],
  [{ changes: ['?? x'], tags: [] }, [expect.stringContaining('in no commit'), expect.stringContaining('no tag')]],
])('%j is not', (checkout, lines) => {
  expect(obstacles(checkout, '1.2.0')).toEqual(lines)
})
