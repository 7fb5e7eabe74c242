import { ecrImages, imagesOf } from '../../functions/adapters/ecr.ts'
import { evidenceWhenNeeded } from '../../functions/adapters/evidence-reading.ts'
import { imageReader } from '../../functions/adapters/image-reader.ts'
import { ecrRegistry } from '../../functions/adapters/registry-reader.ts'
import { ecrRepositories } from '../../functions/adapters/repository-reader.ts'
import type { AwsCall } from '../../functions/adapters/signed-aws.ts'
import { tagHands } from '../../functions/adapters/tag-hands.ts'
import type { AlertSender } from '../../functions/alert-sender.ts'
import type { Alert } from '../../functions/domain/alert.ts'
import type { RegistryRef } from '../../functions/domain/facts/registry-facts.ts'
import type { RepositoryRef } from '../../functions/domain/facts/repository-facts.ts'
import { repositoryKey } from '../../functions/domain/repository-state.ts'
import { isRead, isWritten } from '../../functions/elsewhere.ts'
import { Unreadable } from '../../functions/faults.ts'
import { baseRepositoriesOf } from '../../functions/policy/image/bases.ts'
import { byRegistry } from '../../functions/policy/in-registry.ts'
import type { Hands } from '../../functions/policy/put-right.ts'
import type { TagHands } from '../../functions/policy/quarantine/ports.ts'
import type { PushCheckConfig } from '../../functions/push-check/contract.ts'
import type { JudgedIn, Ports as PushPorts } from '../../functions/push-check/ports.ts'
import type { ScanAlertConfig } from '../../functions/scan-alert/contract.ts'
import type { Ports as ScanPorts } from '../../functions/scan-alert/ports.ts'
import type { Ports as WatchPorts } from '../../functions/watch/ports.ts'
import type { Note } from './calls.ts'
import { subjectOf } from './calls.ts'
import type { ReplayMemory } from './memory.ts'

/** What the use cases of a replay have in place of AWS. */
export type Surroundings = {
  /** The registry of the stack. */
  readonly home: RegistryRef
  /** Calls of a registry: recorded, and made or not. */
  readonly callsOf: (registry: RegistryRef) => AwsCall
  readonly note: Note
  readonly memory: ReplayMemory
  /** Takes the alerts that would go out. */
  readonly onAlert: (alert: Alert) => void
  /** Address of a local AWS, which keeps the layers of images itself. */
  readonly endpoint?: string | undefined
}

const sender = ({ note, onAlert }: Surroundings): AlertSender => ({
  async publish(alert) {
    note({ action: 'sns:Publish', subject: alert.title, made: false })
    onAlert(alert)
  },
})

const NOT_WRITTEN = 'nothing is written in a replay'

/** Hands that write nothing: what they would, is recorded. */
const tiedHands = ({ note }: Surroundings): Hands => {
  const journal = async ({ ref, at, rule }: { ref: Parameters<typeof repositoryKey>[0]; at: string; rule: string }) =>
    note({ action: 'dynamodb:UpdateItem', subject: `journal#${repositoryKey(ref)}#${at}#${rule}`, made: false })
  return {
    async write(registry, { operation, input }) {
      note({ action: `ecr:${operation}`, subject: subjectOf(input, registry), made: false })
      throw new Unreadable(NOT_WRITTEN, true, undefined)
    },
    journal: { intend: journal, close: journal },
    pause: async () => {},
  }
}

/** The same for tags of images: they are looked at, and none is moved. */
function tiedTags({ note }: Surroundings, { manifests, named }: TagHands): TagHands {
  const tied = (operation: string) => async (repository: RepositoryRef) => {
    note({ action: `ecr:${operation}`, subject: repository.repository, made: false })
    throw new Unreadable(NOT_WRITTEN, true, undefined)
  }
  return { manifests, named, put: tied('PutImage'), remove: tied('BatchDeleteImage') }
}

function registriesOf(
  around: Surroundings,
  { policy, members, vouching }: Pick<PushCheckConfig, 'policy' | 'members' | 'vouching'>,
) {
  const { callsOf, home, endpoint } = around
  const bases = baseRepositoriesOf(policy)
  const evidence = vouching && evidenceWhenNeeded(vouching, callsOf(home))
  const hands = tiedHands(around)
  return byRegistry((registry): JudgedIn => {
    const reads = callsOf(registry)
    return {
      images: imageReader(reads, { region: registry.region, endpoint, bases, evidence }),
      repositories: ecrRepositories(reads, registry.region),
      hands,
      tags: tiedTags(around, tagHands(reads, reads, registry.region)),
      mayWrite: isWritten(registry, home, members),
    }
  }).at
}

/** As the handler of scan-alert wires them. */
export function scanPorts(around: Surroundings, { sweep, bases }: ScanAlertConfig): ScanPorts {
  const { callsOf, home, memory } = around
  const at = (registry: RegistryRef) => ecrImages(callsOf(registry), registry.region, bases)
  return {
    images: imagesOf((image) => at(isRead(image, home, sweep) ? image : home)),
    memory: memory.of(),
    alerts: sender(around),
  }
}

/** As the handler of push-check wires them. */
export const pushPorts = (around: Surroundings, config: PushCheckConfig): PushPorts => ({
  registries: registriesOf(around, config),
  pause: async () => {},
  imageMemory: around.memory.of(),
  repositoryMemory: around.memory.of(),
  tags: around.memory.tags,
  table: 'TABLE',
  alerts: sender(around),
})

/** As the handler of watch wires them. */
export const watchPorts = (around: Surroundings, config: Pick<PushCheckConfig, 'policy' | 'members'>): WatchPorts => ({
  registries: registriesOf(around, config),
  registry: ecrRegistry(around.callsOf(around.home), around.home.region),
  memory: around.memory.of(),
  incidents: around.memory.of(),
  alerts: sender(around),
})
