import { afterAll, beforeAll, expect, test } from 'vitest'
import { ecrHands } from '../../functions/adapters/removal-hands.ts'
import { signedAws } from '../../functions/adapters/signed-aws.ts'
import { putBack } from '../../functions/clean-up/put-back.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { manifestOf, push } from '../clean-up/registry.ts'
import { OCI_MANIFEST } from '../policy/image/manifests.ts'
import { envOf } from './env.ts'

let aws: LocalAws
const [gone, archived] = [manifestOf('gone'), manifestOf('archived')]
const hands = () => ecrHands(signedAws(envOf(aws)), aws.region)
const ref = () => ({ account: aws.account, region: aws.region, repository: 'ci/web' })

beforeAll(async () => {
  aws = await startLocalAws()
  aws.ecr.createRepository({ repositoryName: 'ci/web' })
  push(aws, 'ci/web', manifestOf('active'), 40, 'v1')
  push(aws, 'ci/web', archived, 40, 'v2')
  push(aws, 'ci/web', archived, 40, 'v3')
  await hands().archive(ref(), archived.digest)
})

afterAll(() => aws.close())

test('what tags name is known of archived images too; what names nothing is left out', async () => {
  const named = await hands().named(ref(), ['v1', 'v2', 'v4'])
  expect(Object.fromEntries(named)).toEqual({ v1: manifestOf('active').digest, v2: archived.digest })
})

test('a tag is not taken from an archived image', async () => {
  const manifest = { digest: gone.digest, text: gone.text, mediaType: OCI_MANIFEST }
  expect(await putBack(manifest, ['v2'], ref(), hands())).toEqual({ back: [], elsewhere: ['v2'] })
  expect((await hands().named(ref(), ['v2'])).get('v2')).toBe(archived.digest)
})
