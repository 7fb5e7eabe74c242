/** A part of a text that has the form of a secret. */
export type Hit = { readonly start: number; readonly what: string }

/** What the rules of secretlint leave to others. None can take more than linear time: each repetition has a bound. */
const FORMS: readonly (readonly [form: RegExp, what: string])[] = [
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, 'an AWS access key id'],
  [/-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----/g, 'a private key'],
  [/\beyJ[\w-]{8,2000}\.eyJ[\w-]{8,4000}\.[\w-]{8,2000}/g, 'a JSON web token'],
  [/\bBearer\s[\w.~+/-]{20,200}/gi, 'a bearer token'],
]

/** Of AWS's own documentation. */
const EXAMPLES = /^(?:AKIA|ASIA)[A-Z0-9]*EXAMPLE$/

/** Where a text has the form of a secret, whatever it is called. */
export const formsIn = (text: string): readonly Hit[] =>
  FORMS.flatMap(([form, what]) =>
    [...text.matchAll(form)].filter(([hit]) => !EXAMPLES.test(hit)).map(({ index }) => ({ start: index, what })),
  )
