import type { StewardConfig } from '../../config/load.ts'
import { gatePorts } from '../../functions/adapters/gate-ports.ts'
import { imageReader } from '../../functions/adapters/image-reader.ts'
import type { RepositoryRef } from '../../functions/domain/facts/repository-facts.ts'
import type { GateResult } from '../../functions/domain/gate/result.ts'
import type { ActiveRule } from '../../functions/domain/policy.ts'
import { Gone, Unreadable } from '../../functions/faults.ts'
import { gate } from '../../functions/gate/gate.ts'
import type { GatePorts, GateQuestion } from '../../functions/gate/ports.ts'
import { judgeSubject } from '../../functions/judging/judge-subject.ts'
import { policyOf } from '../../functions/judging/policy.ts'
import type { Session } from '../aws/session.ts'
import { readersOf } from '../check/readers.ts'
import { permissionLines } from '../check/rest.ts'
import { nearName } from '../check/run.ts'
import { CommandError } from '../command-error.ts'
import type { Io } from '../io.ts'
import { showWaiting } from './waiting.ts'

/** Rules that ask what the gate asks itself, with its own limits and its own patience. */
const OWN: readonly string[] = ['vulnerabilities', 'scanned']

/** What the other rules on images say of one. */
function rulesBy(config: StewardConfig, session: Session): NonNullable<GatePorts['rules']> {
  const all = policyOf(config, [])
  return async (ref) => {
    const readers = readersOf(session, all)
    const rules = all.rulesOn({ kind: 'image', ref }).filter(isForeign).map(withoutGrace)
    const policy = { ...all, asksOfImages: () => true, rulesOn: () => rules }
    const { exceptions } = config
    return (await judgeSubject({ kind: 'image', ref }, { readers, policy, exceptions, now: new Date() })).verdicts
  }
}

/** What is let through runs: a signature that may still come protects nothing. */
const withoutGrace = (active: ActiveRule): ActiveRule =>
  'graceMinutes' in active.parameters ? { ...active, parameters: { ...active.parameters, graceMinutes: 0 } } : active

const isForeign = ({ rule }: { readonly rule: { readonly id: string } }): boolean => !OWN.includes(rule.id)

const REFUSED = 'Nothing was judged'

/** Nothing is known then: why, and what to do. */
async function asCommandError(error: unknown, session: Session, { repository }: RepositoryRef): Promise<unknown> {
  if (error instanceof Unreadable) {
    const exit = session.denials.length > 0 ? 'access' : 'unknown'
    return new CommandError(exit, `${REFUSED}: ${error.message}.`, ...permissionLines(session))
  }
  if (!(error instanceof Gone)) return error
  const { account, region } = session.registry
  if (!error.message.includes('repository is not there'))
    return new CommandError('unknown', `${REFUSED}: ${error.message}.`)
  const near = (await nearName(session, repository)) || '.'
  return new CommandError('unknown', `${REFUSED}: there is no ${repository} in ${region} of account ${account}${near}`)
}

/**
 * Asks the gate, and shows what it waits for.
 * @param config judged by its rules on images too, where it is given
 * @throws {CommandError} where nothing is known
 */
export async function ask(
  question: GateQuestion,
  { session, config }: { readonly session: Session; readonly config: StewardConfig | undefined },
  io: Io,
): Promise<GateResult> {
  const { aws, endpoint, registry } = session
  const reader = imageReader(aws, { region: registry.region, endpoint })
  const ports = gatePorts(aws, registry.region, reader)
  const { onWait, end } = showWaiting(io)
  try {
    return await gate(question, { ...ports, ...(config && { rules: rulesBy(config, session) }) }, onWait)
  } catch (error) {
    throw await asCommandError(error, session, question.repository)
  } finally {
    end()
  }
}
