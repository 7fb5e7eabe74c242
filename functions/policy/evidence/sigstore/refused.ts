/** Nothing is proven by it. The message is a sentence for people. */
export class Refused extends Error {
  override readonly name = 'Refused'
}

/** Names longer than this are cut where a sentence tells of them. */
const LENGTH = 300

/** What others wrote, short enough for a sentence. */
export const short = (text: string): string => (text.length > LENGTH ? `${text.slice(0, LENGTH)}…` : text)
