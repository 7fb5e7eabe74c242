type Code = { readonly code: number; readonly when: string }

/** How every command ends. Nothing but a pass is 0, and nothing but a policy that says no is 1. */
export const EXIT = {
  pass: { code: 0, when: 'Everything that was asked passes, or is excepted.' },
  fail: { code: 1, when: 'The policy says no: at least one rule fails. Also where others could not be judged.' },
  usage: { code: 2, when: 'The command line or steward.yaml is wrong, or asks nothing. Nothing was judged.' },
  unknown: { code: 3, when: 'Something could not be judged: not found, throttled out, no connection. Nothing failed.' },
  access: { code: 4, when: 'Credentials are missing or expired, or a permission is missing. Nothing failed.' },
  interrupted: { code: 130, when: 'Interrupted, as by Ctrl-C.' },
  closed: { code: 141, when: 'Whoever read the result closed the pipe before its end.' },
} as const satisfies Readonly<Record<string, Code>>

export type Exit = keyof typeof EXIT

/** The list of `ecr-steward help exit-codes`. */
export const exitCodes = (): string =>
  Object.values<Code>(EXIT)
    .map(({ code, when }) => `  ${String(code).padStart(3)}  ${when}`)
    .join('\n')
