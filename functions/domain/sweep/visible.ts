import { UNSEEN } from '../unseen.ts'

/** Most texts are plain ASCII, and there are hundreds of thousands of them in a report. */
const ASCII = /^[\x20-\x7e]*$/

/** A text from outside with each character that nobody would see shown as one. */
export const visible = (text: string): string => (ASCII.test(text) ? text : text.toWellFormed().replace(UNSEEN, '�'))
