import { describe, expect, test } from 'vitest'
import { recordQueue } from '../../functions/adapters/record-queue.ts'
import { AwsError, addressOf } from '../../functions/adapters/signed-aws.ts'

describe('the endpoint of a service', () => {
  test.each([
    ['ecr', 'eu-west-1', 'https://api.ecr.eu-west-1.amazonaws.com'],
    ['sns', 'us-gov-west-1', 'https://sns.us-gov-west-1.amazonaws.com'],
    ['dynamodb', 'cn-north-1', 'https://dynamodb.cn-north-1.amazonaws.com.cn'],
  ])('of %s in %s', (service, region, address) => {
    expect(addressOf(service, region)).toBe(address)
  })
})

describe('giving a record back', () => {
  const refusing = (error: Error) => recordQueue(() => Promise.reject(error), 'url')

  test('is no failure where the delay cannot be set: the record comes again all the same', async () => {
    await expect(refusing(new AwsError('Unreachable', true)).delay('handle', 5)).resolves.toBeUndefined()
  })

  test('hides no fault of ours', async () => {
    await expect(refusing(new TypeError('ours')).delay('handle', 5)).rejects.toThrow('ours')
  })
})
