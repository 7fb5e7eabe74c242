/** Values of the file of `GITHUB_OUTPUT`, as the runner reads it. */
export function outputsIn(text: string): Readonly<Record<string, string>> {
  const lines = text.split('\n')
  const outputs: Record<string, string> = {}
  for (let line = lines.shift(); line; line = lines.shift()) {
    const [name = '', end = ''] = line.split('<<')
    outputs[name] = lines.splice(0, lines.indexOf(end)).join('\n')
    lines.shift()
  }
  return outputs
}
