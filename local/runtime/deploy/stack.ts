import type { Deployed } from '../../aws/cloudformation.ts'
import type { LocalAws } from '../../aws/server.ts'
import type { Place } from '../template/identity.ts'
import { type Template, TemplateError } from '../template.ts'

const arnOf = ({ region, account, stack }: Place): string =>
  `arn:aws:cloudformation:${region}:${account}:stack/${stack}/00000000-0000-4000-8000-000000000000`

/** What the local AWS knows of the stacks that were deployed to it. */
export class Stacks {
  readonly #stacks: LocalAws['stacks']
  readonly #own: string

  constructor({ stacks }: LocalAws, place: Place) {
    this.#stacks = stacks
    this.#own = arnOf(place)
  }

  /** The stack as it was deployed last. */
  get before(): Deployed | undefined {
    const stack = this.#stacks.get(this.#own)
    return typeof stack === 'string' ? undefined : stack
  }

  /** What the other stacks of this account and region export. */
  get imports(): ReadonlyMap<string, string> {
    const place = this.#own.split(':stack/')[0]
    const others = [...this.#stacks].filter(([arn]) => arn !== this.#own && arn.startsWith(`${place}:`))
    return new Map(
      others.flatMap(([, stack]) => (typeof stack === 'string' ? [] : Object.entries(stack.exports ?? {}))),
    )
  }

  /** ARN of the stack. */
  get id(): string {
    return this.#own
  }

  /** @param resources those of ECR, and custom resources */
  keep(template: Template, resources: Required<Deployed>['resources']): void {
    const status = this.before ? 'UPDATE_COMPLETE' : 'CREATE_COMPLETE'
    const contents = new Set(template.contents.map(({ logicalId }) => logicalId))
    const [outputs, exports] = [template.outputs(), template.exports()]
    this.#stacks.set(this.#own, { status, outputs, exports, contents, resources })
  }

  /** @throws {TemplateError} for an export that another stack has */
  checkExports(template: Template): void {
    const { imports } = this
    const taken = template.exportNames().find((name) => imports.has(name))
    if (taken !== undefined) throw new TemplateError('Outputs', `another stack exports ${taken} already`)
  }

  forget(): void {
    this.#stacks.delete(this.#own)
  }
}
