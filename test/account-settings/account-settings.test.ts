import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answerRequest } from '../../functions/account-settings/account-settings.ts'
import { BEFORE, type Request, SETTING } from '../../functions/account-settings/contract.ts'
import { SettingFault, type SettingsPorts, type Trouble } from '../../functions/account-settings/ports.ts'
import type { Answer } from '../../functions/cloudformation.ts'
import { type Ask, type Settings, stackOfSettings } from './cloudformation.ts'

const asked = {
  ResponseURL: 'https://cloudformation.example/answer?signed',
  ...{ StackId: 'arn:aws:cloudformation:eu-west-1:123456789012:stack/registry/0f0e', RequestId: 'request-1' },
  LogicalResourceId: 'EcrBlobMounting',
}
const [Name, Value, Before] = ['BLOB_MOUNTING', 'ENABLED', 'BLOB_MOUNTING=DISABLED'] as const
const setting = { ResourceType: SETTING, ResourceProperties: { Name, Value, Before } } as const
const requests = {
  create: { ...asked, ...setting, RequestType: 'Create' },
  update: { ...asked, ...setting, RequestType: 'Update', PhysicalResourceId: Name },
  delete: { ...asked, ...setting, RequestType: 'Delete', PhysicalResourceId: Name },
} as const satisfies Record<string, Request>

type Fault = { readonly of: 'read' | 'put'; readonly trouble: Trouble; readonly applied?: boolean }

/** ECR, of which the next call may fail. */
function ecr(settings: Settings) {
  const values = new Map(Object.entries(settings))
  const calls: string[] = []
  let fault: Fault | undefined
  const strike = (of: Fault['of'], apply: () => void): void => {
    const struck = fault?.of === of ? fault : undefined
    if (struck) fault = undefined
    if (!struck || struck.applied) apply()
    if (struck) throw new SettingFault(struck.trouble, `ECR answered Odd to ecr:${of}`, undefined)
  }
  const ports: SettingsPorts = {
    async read(name) {
      calls.push(`read ${name}`)
      strike('read', () => {})
      return values.get(name) ?? ''
    },
    async put(name, value) {
      calls.push(`put ${name} ${value}`)
      strike('put', () => void values.set(name, value))
    },
  }
  const failNext = (next: Fault | undefined): void => {
    fault = next
  }
  return { values, calls, ports, failNext }
}

const answerTo = async (request: Request, { ports }: Pick<ReturnType<typeof ecr>, 'ports'>) =>
  (await answerRequest(request, ports)).answer

describe('what was before', () => {
  const before = { ...asked, ResourceType: BEFORE, ResourceProperties: { Name } } as const

  it('is noted in the id, and never read again', async () => {
    const registry = ecr({ BLOB_MOUNTING: 'DISABLED' })
    const noted = { Status: 'SUCCESS', PhysicalResourceId: Before }
    expect(await answerTo({ ...before, RequestType: 'Create' }, registry)).toEqual(noted)
    registry.values.set(Name, 'ENABLED')
    const later = { ...before, PhysicalResourceId: Before }
    expect(await answerTo({ ...later, RequestType: 'Update' }, registry)).toEqual(noted)
    expect(await answerTo({ ...later, RequestType: 'Delete' }, registry)).toEqual(noted)
    expect(registry.calls).toEqual([`read ${Name}`])
  })

  it('is noted anew where the resource is for another setting', async () => {
    const registry = ecr({ REGISTRY_POLICY_SCOPE: 'V1' })
    const ResourceProperties = { Name: 'REGISTRY_POLICY_SCOPE' }
    const moved = { ...before, ResourceProperties, RequestType: 'Update', PhysicalResourceId: Before } as const
    expect(await answerTo(moved, registry)).toMatchObject({ PhysicalResourceId: 'REGISTRY_POLICY_SCOPE=V1' })
  })

  it('that cannot be read is a failure before anything was put', async () => {
    const registry = ecr({})
    registry.failNext({ of: 'read', trouble: 'refused' })
    expect(await answerTo({ ...before, RequestType: 'Create' }, registry)).toEqual({
      ...{ Status: 'FAILED', PhysicalResourceId: Name },
      Reason:
        'BLOB_MOUNTING cannot be read: ECR answered Odd to ecr:read. ECR may not have it in this region: leave blobMounting out of accountSettings, and deploy again.',
    })
  })
})

describe('a setting that cannot be put', () => {
  it.each<[keyof typeof requests, Trouble, RegExp]>([
    ['create', 'refused', /^BLOB_MOUNTING cannot be set to ENABLED: .* leave blobMounting out of accountSettings/],
    ['update', 'denied', /^BLOB_MOUNTING cannot be set to ENABLED: .* look for a service control policy/],
    ['delete', 'denied', /^BLOB_MOUNTING cannot be put back to what it was: .* look for a service control policy/],
    ['update', 'failed', /Nothing is wrong with what is asked: try again\.$/],
  ])('says so: %s %s', async (type, trouble, Reason) => {
    const registry = ecr({ BLOB_MOUNTING: 'ENABLED' })
    registry.failNext({ of: 'put', trouble })
    const { answer, outcome } = await answerRequest(requests[type], registry.ports)
    expect(answer).toEqual({ Status: 'FAILED', PhysicalResourceId: Name, Reason: expect.stringMatching(Reason) })
    expect(outcome).toEqual({ outcome: 'failed', event: 'request-1', reason: expect.stringMatching(Reason) })
  })

  it('is named as it stands where no property is known for it', async () => {
    const registry = ecr({})
    registry.failNext({ of: 'put', trouble: 'refused' })
    const ResourceProperties = { Name: 'NEW_ONE', Value: 'ON', Before: 'NEW_ONE=OFF' }
    expect(await answerTo({ ...requests.create, ResourceProperties }, registry)).toMatchObject({
      Reason: expect.stringContaining('leave NEW_ONE out of accountSettings'),
    })
  })

  it('for a reason that nobody has thought of is not answered: Lambda tries again', async () => {
    const put = async () => Promise.reject(new TypeError('a fault of ours'))
    await expect(answerTo(requests.create, { ports: { ...ecr({}).ports, put } })).rejects.toThrow('a fault of ours')
  })
})

describe('a deletion', () => {
  it.each<[string, string, string, string]>([
    ['puts back what was before', 'ENABLED', Before, 'BLOB_MOUNTING is DISABLED again'],
    ['leaves what somebody has put since', 'SOMETHING', Before, 'BLOB_MOUNTING is SOMETHING, which is not of this'],
    ['asks for nothing where it was so before', 'ENABLED', 'BLOB_MOUNTING=ENABLED', 'BLOB_MOUNTING was ENABLED before'],
    ['leaves it where nothing was noted', 'ENABLED', 'registry-EcrBlob-1ABC', 'nothing says what BLOB_MOUNTING was'],
    ['leaves it where another setting was noted', 'ENABLED', 'BLOB=DISABLED', 'nothing says what BLOB_MOUNTING was'],
  ])('%s', async (_, now, noted, reason) => {
    const registry = ecr({ BLOB_MOUNTING: now })
    const request = { ...requests.delete, ResourceProperties: { Name, Value, Before: noted } }
    const { answer, outcome } = await answerRequest(request, registry.ports)
    expect(answer).toEqual({ Status: 'SUCCESS', PhysicalResourceId: Name })
    expect(outcome.reason).toContain(reason)
    expect(registry.values.get(Name)).toBe(now === Value && noted === Before ? 'DISABLED' : now)
  })

  it('does not hold up a stack for what ECR has given up, such as CLAIR', async () => {
    const registry = ecr({ BLOB_MOUNTING: 'ENABLED' })
    registry.failNext({ of: 'put', trouble: 'refused' })
    const { answer, outcome } = await answerRequest(requests.delete, registry.ports)
    expect(answer.Status).toBe('SUCCESS')
    expect(outcome).toMatchObject({
      outcome: 'left',
      reason: 'ECR does not take back what was before: ECR answered Odd to ecr:put',
    })
  })
})

const NAMES = ['BASIC_SCAN_TYPE_VERSION', 'BLOB_MOUNTING', 'REGISTRY_POLICY_SCOPE']
const value = fc.constantFrom('a', 'b', 'c')
const settings = fc
  .tuple(...NAMES.map((name) => fc.option(value.map((given) => [name, given] as const))))
  .map((given) => Object.fromEntries(given.filter((one) => one !== null)))

type Step =
  | {
      readonly kind: 'deploy'
      readonly settings: Settings
      readonly fails: boolean
      readonly fault?: Fault | undefined
    }
  | { readonly kind: 'destroy' }
  | { readonly kind: 'somebody'; readonly name: string; readonly value: string }

/** What ECR refuses for good is left as it is, which is a test of its own. */
const fault = fc.record({
  of: fc.constantFrom('read' as const, 'put' as const),
  trouble: fc.constantFrom('denied' as const, 'failed' as const),
  applied: fc.boolean(),
})
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('deploy' as const),
      settings,
      fails: fc.boolean(),
      fault: fc.option(fault, { nil: undefined }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'destroy' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('somebody' as const), name: fc.constantFrom(...NAMES), value }),
  },
)

type Delivery = { readonly times: number; readonly counts: number }
const DELIVERIES: readonly Delivery[] = [
  { times: 1, counts: 0 },
  { times: 2, counts: 0 },
  { times: 2, counts: 1 },
]

/** What is to be of the settings: each is what the last that holds it wants, and what it was before where none does. */
function model(initial: Settings) {
  const now = new Map(Object.entries(initial))
  let owned = new Map<string, { readonly before: string; readonly value: string }>()
  const leave = (name: string): void => {
    const { before, value: ours } = owned.get(name) ?? { before: '', value: '' }
    if (now.get(name) === ours) now.set(name, before)
    owned.delete(name)
  }
  return {
    now,
    deployed(wanted: Settings) {
      for (const [name, given] of Object.entries(wanted)) {
        const old = owned.get(name)
        if (old?.value === given) continue
        owned.set(name, { before: old?.before ?? now.get(name) ?? '', value: given })
        now.set(name, given)
      }
      for (const name of [...owned.keys()].filter((one) => !(one in wanted))) leave(name)
    },
    /** @param touched those that were updated before it failed: what the stack wants of them is put again */
    rolledBack(touched: readonly string[]) {
      for (const name of touched) {
        const old = owned.get(name)
        if (old) now.set(name, old.value)
      }
    },
    destroyed() {
      for (const name of [...owned.keys()]) leave(name)
      owned = new Map()
    },
  }
}

describe('whatever is deployed, fails, or is changed by somebody', () => {
  /** @param times how often every request comes. @param counts the one whose answer CloudFormation gets to know */
  const delivered =
    ({ ports }: ReturnType<typeof ecr>, { times, counts }: Delivery, touched: Set<string>): Ask =>
    async (bare) => {
      if (bare.RequestType === 'Update') touched.add(bare.ResourceProperties.Name)
      const request = { ...asked, ...bare } as Request
      const answers: Answer[] = []
      for (let n = 0; n < times; n++) answers.push(await answerTo(request, { ports }))
      return answers[counts] as Answer
    }

  it('a setting is what the stack wants, and what it was before where the stack is gone', async () => {
    const initial = fc.tuple(value, value, value)
    const steps = fc.array(step, { maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(initial, steps, fc.constantFrom(...DELIVERIES), async (values, todo, delivery) => {
        const start = Object.fromEntries(NAMES.map((name, n) => [name, String(values[n])]))
        const [registry, expected, touched] = [ecr(start), model(start), new Set<string>()]
        const stack = stackOfSettings(delivered(registry, delivery, touched))
        for (const one of [...todo, { kind: 'destroy' } as const]) {
          touched.clear()
          if (one.kind === 'deploy') {
            registry.failNext(one.fault)
            const isDeployed = await stack.deploy(one.settings, one.fails)
            registry.failNext(undefined)
            if (isDeployed) expected.deployed(one.settings)
            else expected.rolledBack([...touched])
          } else if (one.kind === 'somebody') {
            registry.values.set(one.name, one.value)
            expected.now.set(one.name, one.value)
          } else {
            await stack.destroy()
            expected.destroyed()
          }
          expect(registry.values).toEqual(expected.now)
        }
      }),
      { numRuns: 200 },
    )
  })
})
