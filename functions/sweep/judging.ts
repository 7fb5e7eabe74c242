import type { Protection } from '../domain/in-use/protection.ts'
import type { Readers } from '../judging/readers.ts'
import type { ImagesOf } from '../judging/repository-images.ts'
import type { Store } from '../planning/store.ts'
import type { SweepConfig } from './contract.ts'
import type { ExportedSboms } from './exported-sboms.ts'

/** What a sweep asks of steward.yaml when it judges. */
export type JudgingConfig = Pick<SweepConfig, 'policy' | 'registry' | 'exceptions' | 'cleanUp'> & {
  readonly sweep: Pick<SweepConfig['sweep'], 'ownerTag' | 'packages'>
}

/** What judging needs of the world. */
export type SweepDeps = {
  readonly config: JudgingConfig
  readonly readers: Pick<Readers, 'registry' | 'repositories'> & { readonly imagesOf: ImagesOf }
  /** What the inventory of the registry protects; undefined where nobody was asked what is in use. */
  readonly protection?: Protection | undefined
  /** Remembers when findings were first seen. */
  readonly store: Store
  /** Of the sweep: ages count from it. */
  readonly now: Date
  /** What Inspector has exported of images that carry no SBOM; undefined where it is not asked. */
  readonly exported?: ExportedSboms | undefined
  /** Repositories, and images of all of them, that are judged side by side. */
  readonly atOnce?: { readonly repositories: number; readonly images: number }
}
