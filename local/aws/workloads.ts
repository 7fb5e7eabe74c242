import { AppRunner, type AppRunnerState, appRunnerService } from './apprunner.ts'
import { Batch, type BatchState, batchService } from './batch.ts'
import { CodeBuild, type CodeBuildState, codeBuildService } from './codebuild.ts'
import { ecsService } from './ecs/service.ts'
import { Ecs, type EcsState } from './ecs/state.ts'
import { Eks, type EksState, eksService } from './eks.ts'
import { Events, type EventsState, eventsService } from './eventbridge.ts'
import { Inspector, type InspectorState, inspectorService } from './inspector.ts'
import type { ExportRoute } from './inspector-exports.ts'
import { Functions, type LambdaState, lambdaService } from './lambda.ts'
import { type SchedulerState, Schedules, schedulerService } from './scheduler.ts'
import { SecurityHub, type SecurityHubState, securityHubService } from './security-hub.ts'
import type { Service, Surroundings } from './service.ts'

/** What runs images, starts what does, or hears of them: set in this process, read by clients. */
export type Workloads = {
  ecs: EcsState
  lambda: LambdaState
  inspector: InspectorState
  eks: EksState
  apprunner: AppRunnerState
  codebuild: CodeBuildState
  batch: BatchState
  events: EventsState
  scheduler: SchedulerState
  securityHub: SecurityHubState
}

/**
 * @param route what Inspector exports, and to where
 * @returns the states, and the services that read them
 */
export function createWorkloads(around: Surroundings, route: ExportRoute): { states: Workloads; services: Service[] } {
  const [ecs, lambda, inspector] = [new Ecs(around), new Functions(around), new Inspector(around, route)]
  const [eks, apprunner, codebuild] = [new Eks(), new AppRunner(around), new CodeBuild()]
  const [batch, events, scheduler] = [new Batch(around), new Events(around), new Schedules(around)]
  const securityHub = new SecurityHub(around)
  return {
    states: { ecs, lambda, inspector, eks, apprunner, codebuild, batch, events, scheduler, securityHub },
    services: [
      ecsService(ecs),
      lambdaService(lambda),
      inspectorService(inspector),
      eksService(eks, around),
      appRunnerService(apprunner),
      codeBuildService(codebuild, around),
      batchService(batch),
      eventsService(events),
      schedulerService(scheduler),
      securityHubService(securityHub),
    ],
  }
}
