import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { StewardConfig } from '../../config/load.ts'
import type { GateQuestion } from '../../functions/gate/ports.ts'
import { openSession } from '../aws/session.ts'
import { findConfiguration, nearPath, needConfiguration, readConfiguration } from '../configuration.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import { ask } from './ask.ts'
import { tellCi } from './ci/tell-ci.ts'
import { exitOf, removeDigest, tellAround, writeDigest } from './end.ts'
import { imageName, imageTarget } from './image-target.ts'
import { type Asked, limitsOf } from './limits.ts'
import { type GateOptions, type ScanOptions, TIMEOUT } from './options.ts'
import { outputsOf, writeOutputs } from './outputs.ts'

type Policy = Pick<StewardConfig, 'policy' | 'exceptions'>

const NO_POLICY: Policy = { policy: [], exceptions: [] }

type Configured = { readonly config: StewardConfig | undefined; readonly file: string }

/** steward.yaml where there is one: a pipeline may do without. */
function configured(given: string | undefined, io: Io): Configured {
  if (findConfiguration(given, io) === undefined) return { config: undefined, file: '' }
  const { config, path } = readConfiguration(given, io)
  return { config, file: nearPath(path, io) }
}

/** The file of the project that an image comes from, as far as one can tell. */
const sourceOf = (file: string, { cwd }: Io): string =>
  existsSync(join(cwd, 'Dockerfile')) || file === '' || file.startsWith('/') ? 'Dockerfile' : file

/** What is asked whatever the image is to be judged by. */
type Asking = Pick<GateQuestion, 'kind' | 'startScan'> & {
  readonly word: string
  readonly options: ScanOptions & Partial<GateOptions>
  /** The rest, once repository and policy are known. */
  readonly ask: (repository: string, policy: Policy, file: string) => Asked
}

async function judged({ word, options, kind, startScan, ask: asked }: Asking, io: Io): Promise<Exit> {
  if (options.digestFile !== undefined) removeDigest(options.digestFile, io)
  const outputs = outputsOf(options.output)
  const { account, region = options.region, repository, name } = imageTarget(word)
  const newSince = options.newSince === undefined ? undefined : imageName(options.newSince)
  if (options.rules) needConfiguration(options.config, io)
  const { config, file } = configured(options.config, io)
  const { policy, exceptions } = config ?? NO_POLICY
  const session = await openSession({ ...options, rate: undefined, region, account }, io)
  const question: GateQuestion = {
    ...{ kind, name, newSince, exceptions, startScan, ...asked(repository, { policy, exceptions }, file) },
    ...{ repository: { ...session.registry, repository }, timeout: options.timeout ?? TIMEOUT },
    lenient: options.onUnknown === 'pass',
  }
  const result = await ask(question, { session, config: options.rules ? config : undefined }, io)
  const exit = exitOf(result, session)
  if (options.digestFile !== undefined && exit === 'pass') writeDigest(options.digestFile, result, io)
  const source = sourceOf(file, io)
  await writeOutputs(outputs, result, source, io)
  if (!options.noCi) tellCi(result, { source }, io, { formats: outputs.map(({ format }) => format) })
  tellAround(result, exit, session, io)
  return exit
}

/** Waits for an image and its scan, and says whether it may be deployed. */
export const gate = ([word = '']: readonly string[], options: GateOptions, io: Io): Promise<Exit> =>
  judged(
    {
      ...{ word, options, kind: 'gate', startScan: options.startScan ? 'missing' : 'never' },
      ask: (repository, { policy }, file) => limitsOf(options, policy, repository, file),
    },
    io,
  )

/** Starts a scan, waits for it, and shows what it found. */
export const scan = ([word = '']: readonly string[], options: ScanOptions, io: Io): Promise<Exit> =>
  judged(
    {
      ...{ word, options, kind: 'scan', startScan: 'always' },
      ask: () => ({ limits: {}, limitsFrom: 'none', fixableOnly: false }),
    },
    io,
  )
