/** `dbPassword`, `DB_PASSWORD`, `--db-password`: the words of a name, in lower case. */
const wordsOf = (name: string): string[] =>
  name
    .replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean)

/** Whose keys are kept to oneself; `GPG_KEY` and `PUBLIC_KEY` are for all to see. */
const KEYS = /(?:^|\s)(?:api|access|account|auth|encryption|private|secret|signing|storage)\s?keys?$/

/** By how the last words of a name end, what it holds. `PASSWORD_FILE` and `TOKEN_URL` end otherwise. */
const WORDS: readonly (readonly [ending: RegExp, word: string])[] = [
  [/(?:password|passwd|passphrase)$/, 'password'],
  [/\s(?:pass|pwd)$/, 'password'],
  [/(?:secret|secret\s?key(?:\sbase)?)$/, 'secret'],
  [/token$/, 'token'],
  [KEYS, 'key'],
  [/credentials?$/, 'credentials'],
]

/** What a name says that it holds: `password` for `DB_PASSWORD`; undefined where it says nothing of a secret. */
export function sensitiveWord(name: string): string | undefined {
  const words = wordsOf(name).join(' ')
  return WORDS.find(([ending]) => ending.test(words))?.[1]
}

/** What stands for a value that comes from elsewhere, or for none. */
const NO_LITERAL: readonly RegExp[] = [
  /^$/,
  /^[$`]/,
  /\$[({]|\{\{/,
  /^(?:true|false|yes|no|on|off|none|null|nil|undefined|dummy|placeholder|redacted|0|1)$/i,
  /^(?:\*+|x{3,}|\.{3,}|<.*>|\[.*\])$/i,
  // Where it is mounted, or kept.
  /^(?:~|\.{1,2})?(?:\/[\w.-]+){2,}\/?$/,
  /^(?:[\w-]+\/)*[\w-]+\.(?:json|pem|key|txt|ya?ml|env|cfg|conf|ini|properties)$/,
  /^[a-z]:\\/i,
  /^(?:file|vault|ssm|secretsmanager):/i,
  /^arn:aws[a-z-]*:/,
]

const unquoted = (value: string): string => /^(["'])(.*)\1$/s.exec(value)?.[2] ?? value

/** Whether a value is there to be read: not empty, no `$VARIABLE`, no path to a mounted secret. */
export function isLiteral(value: string): boolean {
  const bare = unquoted(value.trim()).trim()
  return !NO_LITERAL.some((pattern) => pattern.test(bare))
}

/** `NAME=value` in a command, also `--name=value` and quoted. */
const ASSIGNMENT = /(?<![^\s;|&?("'`])-{0,2}([A-Za-z_][\w.-]{0,100})=("[^"]*"|'[^']*'|[^\s;&|"']*)/g

export type Assignment = { readonly name: string; readonly value: string }

/** Every `NAME=value` of a command of a shell or a Dockerfile. */
export const assignmentsIn = (command: string): readonly Assignment[] =>
  [...command.matchAll(ASSIGNMENT)].map(([, name = '', value = '']) => ({ name, value }))
