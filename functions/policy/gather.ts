import { type Fact, known, unread } from '../domain/rule/fact.ts'
import type { AnyFacts } from '../domain/rule/rule.ts'
import { Later, Unreadable } from '../faults.ts'
import type { Reader } from './reader.ts'

async function factOf(reading: Promise<unknown>, isPatient: boolean): Promise<Fact<unknown>> {
  try {
    return known(await reading)
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    if (isPatient && !error.permanent) throw new Later(error.message, { cause: error })
    return unread(error.message)
  }
}

/**
 * Reads what is needed of a subject, all at once: one round trip where each value is one call.
 * @param isPatient whether a read that fails for now may be asked again later; otherwise it becomes an unread fact
 * @throws {Later}
 * @throws {Gone} where the subject is not there
 */
export async function gather<V, R>(
  reader: Reader<V, R>,
  ref: R,
  needs: ReadonlySet<string>,
  isPatient: boolean,
): Promise<AnyFacts> {
  const names = [...needs].filter((name): name is string & keyof V => name in reader)
  const facts = await Promise.all(names.map((name) => factOf(reader[name](ref), isPatient)))
  return Object.fromEntries(names.map((name, index) => [name, facts[index] ?? unread(`${name} was not read`)]))
}
