import { chunks, listOf, pages, type SourceKind } from './site.ts'

type Project = { readonly name?: string; readonly environment?: { readonly image?: string } }

/** Most that BatchGetProjects takes. */
const PROJECTS = 100

/** CodeBuild: the image in which each project builds. */
export const codebuild: SourceKind = {
  name: 'codebuild',
  async read(reading) {
    const ask = (nextToken: string | undefined) =>
      reading.call('codebuild', 'ListProjects', nextToken === undefined ? {} : { nextToken })
    for await (const page of pages(ask, 'nextToken'))
      for (const names of chunks(listOf<string>(page, 'projects', 'codebuild:ListProjects'), PROJECTS)) {
        const answer = await reading.call('codebuild', 'BatchGetProjects', { names })
        for (const { name, environment } of listOf<Project>(answer, 'projects', 'codebuild:BatchGetProjects'))
          reading.use(environment?.image, `CodeBuild project ${name}`)
      }
  },
}
