import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { AccountSettingsProps } from '../../infra/registry/account-settings.ts'
import { RegistrySettings } from '../../infra/registry/registry-settings.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { type Cloud, deployLocally } from '../../local/runtime/cloud.ts'
import { stackOf } from '../infra/stack-of.ts'

const assemblyOf = (accountSettings: AccountSettingsProps): string =>
  stackOf((stack) => {
    new RegistrySettings(stack, 'Registry', { scanning: { type: 'BASIC' }, creationTemplates: 'none', accountSettings })
  }).outdir

const mounting = assemblyOf({ blobMounting: 'ENABLED' })
const both = assemblyOf({ basicScanTypeVersion: 'AWS_NATIVE', blobMounting: 'DISABLED' })

let aws: LocalAws
let cloud: Cloud | undefined

beforeAll(async () => {
  aws = await startLocalAws()
})
afterEach(() => aws.faults.clear())
afterAll(async () => {
  await cloud?.close()
  await aws.close()
})

/** As CloudFormation would. @returns what it has to remark */
async function deploy(assembly: string): Promise<readonly string[]> {
  await cloud?.close()
  cloud = undefined
  cloud = await deployLocally({ assembly, stack: 'User', aws, customResources: true })
  return cloud.remarks.filter((remark) => remark.includes('Custom::'))
}

const blobMounting = () => aws.call('ecr', 'GetAccountSetting', { name: 'BLOB_MOUNTING' })
const is = (value: string) => ({ name: 'BLOB_MOUNTING', value })

describe('the template, deployed to the local AWS', () => {
  it('puts a setting when it is made', async () => {
    expect(blobMounting()).toEqual(is('DISABLED'))
    expect(await deploy(mounting)).toEqual([])
    expect(blobMounting()).toEqual(is('ENABLED'))
  })

  it('leaves all as it was where a change of it fails', async () => {
    const error = { code: 'AccessDeniedException', message: 'Denied.' }
    aws.faults.inject({
      service: 'ecr',
      operation: 'PutAccountSetting',
      when: ({ value }) => value === 'DISABLED',
      error,
    })
    await expect(deploy(both)).rejects.toThrow(/BLOB_MOUNTING cannot be set to DISABLED: ECR answered AccessDenied/)
    expect(blobMounting()).toEqual(is('ENABLED'))
  })

  it('changes it, and puts back what was before when it goes', async () => {
    expect(await deploy(both)).toEqual([])
    expect(blobMounting()).toEqual(is('DISABLED'))
    expect(await deploy(mounting)).toEqual([])
    expect(blobMounting()).toEqual(is('ENABLED'))
    expect(await cloud?.destroy()).toEqual([])
    expect(blobMounting()).toEqual(is('DISABLED'))
  })
})
