/**
 * Text for a log as no command to whoever reads the log. The runner of GitHub Actions takes a line that begins with `::name`,
 * after blanks, for a command, and `##[name]` anywhere in it; Azure Pipelines `##vso[name]`. Both streams are read.
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export const inert = (text: string): string =>
  text.replace(/^([^\S\n]*):(?=:)/gm, '$1∶').replace(/##(?=(?:vso)?\[)/gi, '#♯')

/** Text on one line that nothing ends early. */
const data = (text: string): string =>
  text
    .replaceAll('%', '%25')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A')
    .replace(/##(?=(?:vso)?\[)/gi, '#♯')

const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')

export type Annotation = {
  readonly level: 'error' | 'warning' | 'notice'
  /** In the project, where it is about one. */
  readonly file?: string
  readonly title: string
  readonly message: string
}

/** A line that annotates a run of GitHub Actions, and a file of the project. */
export const annotate = ({ level, file, title, message }: Annotation): string =>
  `::${level} ${file === undefined ? '' : `file=${property(file)},`}title=${property(title)}::${data(message)}\n`
