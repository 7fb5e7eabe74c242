import { DescribeRepositoriesCommand, GetRegistryPolicyCommand } from '@aws-sdk/client-ecr'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createTraffic } from '../../../local/aws/traffic.ts'
import { errorOf, withLocalAws } from './clients.ts'

const SERVICE = 'ecr'

describe('latency', () => {
  test('is random between the two, none without any, and the latest that is about the operation counts', () => {
    let dice = 0
    const traffic = createTraffic(
      () => 0,
      () => dice,
    )
    expect(traffic.latencyOf(SERVICE, 'DescribeImages')).toBe(0)
    traffic.delay({ service: SERVICE, minMs: 20, maxMs: 50 })
    traffic.delay({ service: SERVICE, operation: 'PutImage', minMs: 100, maxMs: 100 })
    dice = 0.5
    expect(traffic.latencyOf(SERVICE, 'DescribeImages')).toBe(35)
    expect(traffic.latencyOf(SERVICE, 'PutImage')).toBe(100)
    expect(traffic.latencyOf('sqs', 'SendMessage')).toBe(0)
    traffic.clear()
    expect(traffic.latencyOf(SERVICE, 'PutImage')).toBe(0)
  })
})

describe('a limit', () => {
  test('lets the burst through at once, and then as many a second as it says', () => {
    let now = 0
    const traffic = createTraffic(() => now)
    traffic.limit({ service: SERVICE, rate: 10, burst: 3 })
    const admitted = () => [1, 2, 3, 4, 5].filter(() => traffic.admits(SERVICE, 'DescribeImages')).length
    expect(admitted()).toBe(3)
    now = 200
    expect(admitted()).toBe(2)
    now = 60_000
    expect(admitted()).toBe(3)
  })

  test('never lets more through than the burst and what has come since', () => {
    const gaps = fc.array(fc.nat({ max: 400 }), { maxLength: 60 })
    const limits = fc.record({ rate: fc.integer({ min: 1, max: 100 }), burst: fc.integer({ min: 1, max: 20 }) })
    fc.assert(
      fc.property(limits, gaps, (limit, waits) => {
        let now = 0
        const traffic = createTraffic(() => now)
        traffic.limit({ service: SERVICE, ...limit })
        let admitted = 0
        for (const wait of waits) {
          now += wait
          if (traffic.admits(SERVICE, 'DescribeImages')) admitted += 1
        }
        expect(admitted).toBeLessThanOrEqual(limit.burst + (now * limit.rate) / 1_000 + 1e-6)
        const everySecond = waits.length > 0 && waits.every((wait) => wait * limit.rate >= 1_000)
        if (everySecond) expect(admitted).toBe(waits.length)
      }),
    )
  })

  test('is of each operation, and answered as ECR does', () =>
    withLocalAws(async (aws, { ecr }) => {
      aws.faults.limit({ service: SERVICE, rate: 0.001, burst: 2 })
      const calls = [1, 2, 3].map(() => ecr.send(new DescribeRepositoriesCommand({})))
      const refused = (await Promise.allSettled(calls)).filter(({ status }) => status === 'rejected')
      expect(refused).toMatchObject([{ reason: { name: 'ThrottlingException', message: 'Rate exceeded' } }])
      expect((await errorOf(ecr.send(new GetRegistryPolicyCommand({})))).name).toBe('RegistryPolicyNotFoundException')
      expect(aws.calls.filter(({ error }) => error === 'ThrottlingException')).toMatchObject([{ status: 400 }])
      aws.faults.clear()
      await ecr.send(new DescribeRepositoriesCommand({}))
    }))

  test('holds beside latency', () =>
    withLocalAws(async (aws, { ecr }) => {
      aws.faults.delay({ service: SERVICE, minMs: 1, maxMs: 2 })
      aws.faults.limit({ service: SERVICE, operation: 'DescribeRepositories', rate: 0.001, burst: 1 })
      await ecr.send(new DescribeRepositoriesCommand({}))
      const { name, status } = await errorOf(ecr.send(new DescribeRepositoriesCommand({})))
      expect([name, status]).toEqual(['ThrottlingException', 400])
    }))
})
