/** Something in the synthesised template that the local run cannot do. `where` is a path in the template. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError'

  constructor(where: string, problem: string) {
    super(`template, at ${where}: ${problem}`)
  }
}
