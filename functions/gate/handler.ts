import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from 'aws-lambda'
import { sendAnswer, stackStatus } from '../adapters/cloudformation.ts'
import { ecrCall } from '../adapters/ecr-call.ts'
import { ecrManifests } from '../adapters/ecr-manifests.ts'
import { gatePorts } from '../adapters/gate-ports.ts'
import { imagesIn } from '../adapters/opened-images.ts'
import { signedAws, signedPost } from '../adapters/signed-aws.ts'
import { Unreadable } from '../faults.ts'
import { logOutcome } from '../outcome.ts'
import { manifestOf } from '../policy/image/platforms.ts'
import { config } from './config.ts'
import type { Request } from './contract.ts'
import { answerDeployment } from './deployment.ts'
import { gate } from './gate.ts'

/** Milliseconds of one attempt: a page of a thousand findings takes its time. */
const TIMEOUT = 10_000
/** Milliseconds that the answer may take. */
const ANSWER = 15_000
const region = String(process.env.AWS_REGION)
const aws = signedAws(process.env, TIMEOUT, { attempts: 8 })
const manifests = ecrManifests(ecrCall(aws, region))
const ports = gatePorts(aws, region, { manifest: async (image) => manifestOf(await imagesIn(manifests, image)) })
const statusOf = stackStatus(signedPost())

async function tooLate(milliseconds: number): Promise<never> {
  await sleep(milliseconds, undefined, { ref: false })
  throw new Unreadable('ECR did not answer in time', false, undefined)
}

/** A request of CloudFormation in, its answer where CloudFormation waits for it. What throws, Lambda starts again: twice. */
export const handler = async (request: Request, context: Context): Promise<void> => {
  const tell = (reason: string): void => logOutcome({ outcome: 'waiting', reason, event: request.RequestId })
  const left = context.getRemainingTimeInMillis() - ANSWER
  const { answer, outcome } = await answerDeployment(request, config, {
    ...{ find: ports.find, stackStatus: statusOf },
    judge: (question) => Promise.race([gate(question, ports, tell), tooLate(left)]),
  })
  logOutcome(outcome)
  await sendAnswer(request, answer)
}
