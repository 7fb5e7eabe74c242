import { accountSettings } from '../adapters/account-settings.ts'
import { sendAnswer } from '../adapters/cloudformation.ts'
import { signedAws } from '../adapters/signed-aws.ts'
import { logOutcome } from '../outcome.ts'
import { answerRequest } from './account-settings.ts'
import type { Request } from './contract.ts'

/** Milliseconds of one attempt. */
const TIMEOUT = 4_000
/** All of them, twice, and those of the answer end within the time of the function: no call goes on after its request. */
const ports = accountSettings(signedAws(process.env, TIMEOUT, { attempts: 6 }))

/** A request of CloudFormation in, its answer where CloudFormation waits for it. What throws, Lambda starts again: twice. */
export const handler = async (request: Request): Promise<void> => {
  const { answer, outcome } = await answerRequest(request, ports)
  logOutcome(outcome)
  await sendAnswer(request, answer)
}
