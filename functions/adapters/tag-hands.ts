import type { TagHands } from '../policy/quarantine/ports.ts'
import { ecrHands } from './removal-hands.ts'
import type { AwsCall } from './signed-aws.ts'

/** What moves tags of images in `region`: looks with the calls that read there, and writes with the others. */
export function tagHands(reads: AwsCall, writes: AwsCall, region: string): TagHands {
  const { manifests, named } = ecrHands(reads, region)
  const { put, remove } = ecrHands(writes, region)
  return { manifests, named, put, remove }
}
