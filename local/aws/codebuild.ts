import type * as client from '@aws-sdk/client-codebuild'
import { AwsError } from './error.ts'
import { pageOf } from './listing.ts'
import { sdkService } from './sdk-service.ts'
import type { Handler, Service, Surroundings } from './service.ts'

export type CodeBuildState = {
  /** @param image of the environment in which it builds */
  createProject(name: string, image: string): void
  deleteProject(name: string): void
}

const PAGE = 100

export class CodeBuild implements CodeBuildState {
  readonly projects = new Map<string, string>()

  createProject(name: string, image: string): void {
    this.projects.set(name, image)
  }

  deleteProject(name: string): void {
    this.projects.delete(name)
  }
}

function handlersOf({ projects }: CodeBuild, arnOf: (name: string) => string): Record<string, Handler> {
  const describe = (name: string): client.Project => ({
    ...{ name, arn: arnOf(name) },
    environment: { type: 'LINUX_CONTAINER', computeType: 'BUILD_GENERAL1_SMALL', image: projects.get(name) },
  })
  return {
    ListProjects({ nextToken, sortOrder }: client.ListProjectsInput) {
      const descends = sortOrder === 'DESCENDING'
      const { items, next } = pageOf(projects.keys(), {
        ...{ keyOf: (name) => name, size: PAGE, token: nextToken, wrong: 'InvalidInputException', descends },
      })
      return { projects: items, nextToken: next }
    },
    BatchGetProjects({ names = [] }: client.BatchGetProjectsInput) {
      if (names.length < 1 || names.length > PAGE)
        throw new AwsError('InvalidInputException', `Invalid project names: 1 to ${PAGE} of them are taken.`)
      return {
        projects: names.filter((name) => projects.has(name)).map(describe),
        projectsNotFound: names.filter((name) => !projects.has(name)),
      }
    },
  }
}

/** What is read of CodeBuild. @see https://docs.aws.amazon.com/codebuild/latest/APIReference/Welcome.html */
export const codeBuildService = (codeBuild: CodeBuild, { region, account }: Surroundings): Service => {
  const arnOf = (name: string): string => `arn:aws:codebuild:${region}:${account}:project/${name}`
  return sdkService({
    name: 'codebuild',
    protocol: 'json',
    client: '@aws-sdk/client-codebuild',
    target: 'CodeBuild_20161006',
    faulty: 'InvalidInputException',
    handlers: handlersOf(codeBuild, arnOf),
    requires: (operation, { names }) => {
      const resources = Array.isArray(names) ? names.map((name) => arnOf(String(name))) : ['*']
      return resources.map((resource) => ({ action: `codebuild:${operation}`, resource }))
    },
  })
}
