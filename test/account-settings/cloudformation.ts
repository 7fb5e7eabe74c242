import { BEFORE, type Request, SETTING, type SettingProperties } from '../../functions/account-settings/contract.ts'
import type { Answer } from '../../functions/cloudformation.ts'

/** Names and values: `{ BLOB_MOUNTING: 'ENABLED' }`. */
export type Settings = Readonly<Record<string, string>>

/** What becomes of a request, without what CloudFormation adds to each. */
export type Ask = (request: Bare) => Promise<Answer>
type Bare = Pick<Request, 'ResourceType' | 'RequestType' | 'ResourceProperties'> & {
  readonly PhysicalResourceId?: string
}

type Undo = () => Promise<Answer>

/** The custom resources of one setting, as CloudFormation remembers them. */
type Made = { readonly before: string; readonly properties: SettingProperties }

const idIn = ({ PhysicalResourceId }: Answer): string => PhysicalResourceId

/**
 * A stack with a setting for each name, as CloudFormation works it off: what is new is made, what changed is updated, all of it is
 * taken back where one fails, and what is no longer there is deleted in the end.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
 */
export function stackOfSettings(ask: Ask) {
  let made = new Map<string, Made>()
  const answers: Answer[] = []
  const send = async (request: Bare): Promise<Answer> => {
    const answer = await ask(request)
    answers.push(answer)
    return answer
  }
  /** A deletion that fails is asked for again, by CloudFormation or by whoever sees it. */
  async function remove(ResourceType: string, PhysicalResourceId: string, ResourceProperties: object) {
    const request = { RequestType: 'Delete', ResourceType, PhysicalResourceId, ResourceProperties } as Bare
    const answer = await send(request)
    return answer.Status === 'FAILED' ? send(request) : answer
  }

  async function create(Name: string, Value: string, undo: Undo[], next: Map<string, Made>): Promise<boolean> {
    const noted = await send({ RequestType: 'Create', ResourceType: BEFORE, ResourceProperties: { Name } })
    undo.unshift(() => remove(BEFORE, idIn(noted), { Name }))
    if (noted.Status === 'FAILED') return false
    const properties = { Name, Value, Before: idIn(noted) }
    const put = await send({ RequestType: 'Create', ResourceType: SETTING, ResourceProperties: properties })
    undo.unshift(() => remove(SETTING, idIn(put), properties))
    next.set(Name, { before: idIn(noted), properties })
    return put.Status === 'SUCCESS'
  }

  async function update(old: Made, Value: string, undo: Undo[], next: Map<string, Made>): Promise<boolean> {
    const { Name } = old.properties
    const to = (ResourceProperties: SettingProperties) =>
      send({ RequestType: 'Update', ResourceType: SETTING, PhysicalResourceId: Name, ResourceProperties })
    undo.unshift(() => to(old.properties))
    const properties = { ...old.properties, Value }
    next.set(Name, { ...old, properties })
    return (await to(properties)).Status === 'SUCCESS'
  }

  async function forget({ before, properties }: Made): Promise<void> {
    await remove(SETTING, properties.Name, properties)
    await remove(BEFORE, before, { Name: properties.Name })
  }

  return {
    /** All that was answered, in turn. */
    answers,
    /** @param fails whether some other resource of the stack does, after these. @returns whether it was deployed */
    async deploy(settings: Settings, fails = false): Promise<boolean> {
      const [undo, next] = [[] as Undo[], new Map(made)]
      let succeeds = true
      for (const [name, value] of Object.entries(settings)) {
        const old = made.get(name)
        if (old?.properties.Value === value) continue
        succeeds = await (old ? update(old, value, undo, next) : create(name, value, undo, next))
        if (!succeeds) break
      }
      if (fails || !succeeds) {
        for (const takeBack of undo) await takeBack()
        return false
      }
      for (const [name, gone] of [...next].filter(([name]) => !(name in settings))) {
        await forget(gone)
        next.delete(name)
      }
      made = next
      return true
    },
    async destroy(): Promise<void> {
      for (const one of made.values()) await forget(one)
      made = new Map()
    },
  }
}
