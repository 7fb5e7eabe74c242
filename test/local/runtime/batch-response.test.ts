import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readBatchResponse } from '../../../local/runtime/events/batch-response.ts'

const IDS = ['a', 'b', 'c']

describe('the answer to a batch', () => {
  test.each([
    ['null', null],
    ['an empty object', {}],
    ['an empty list', { batchItemFailures: [] }],
    ['a null list', { batchItemFailures: null }],
  ])('%s is a complete success', (_, answer) => {
    expect(readBatchResponse(JSON.stringify(answer), IDS)).toEqual({ failures: [] })
  })

  test.each([
    [
      'an empty identifier',
      { batchItemFailures: [{ itemIdentifier: 'a' }, { itemIdentifier: '' }] },
      /no itemIdentifier/,
    ],
    ['a null identifier', { batchItemFailures: [{ itemIdentifier: null }] }, /no itemIdentifier/],
    ['a wrong key', { batchItemFailures: [{ messageId: 'a' }] }, /no itemIdentifier/],
    ['an unknown message', { batchItemFailures: [{ itemIdentifier: 'z' }] }, /itemIdentifier z is not in the batch/],
    ['a list of texts', { batchItemFailures: ['a'] }, /no itemIdentifier/],
    ['no list', { batchItemFailures: 'a' }, /not a list/],
    ['a text', 'done', /not an object/],
  ])('%s is a complete failure', (_, answer, problem) => {
    const result = readBatchResponse(JSON.stringify(answer), IDS)
    expect(result.failures).toEqual(IDS)
    expect(result.problem).toMatch(problem)
  })

  test('what is not JSON is a complete failure', () => {
    expect(readBatchResponse('{', IDS)).toEqual({ failures: IDS, problem: 'the answer is not JSON' })
  })

  test('exactly the messages that are named fail, however often they are named', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...IDS), { minLength: 1 }), (failed) => {
        const answer = { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) }
        expect(new Set(readBatchResponse(JSON.stringify(answer), IDS).failures)).toEqual(new Set(failed))
      }),
    )
  })
})
