/** Kinds of things that run images, as steward.yaml names them: what each reads is in docs/in-use.md. */
export const SOURCE_NAMES = ['ecs', 'scheduled-tasks', 'lambda', 'eks', 'app-runner', 'codebuild', 'batch'] as const

export type SourceName = (typeof SOURCE_NAMES)[number]
