/**
 * Why ECR did not do it. `refused`: it does not have this setting or this value. `denied`: somebody does not let it. `failed`: anything
 * else, which may be over by the next time.
 */
export type Trouble = 'refused' | 'denied' | 'failed'

/** A call of ECR that did not come off. The message names error and action: `AccessDeniedException to ecr:PutAccountSetting`. */
export class SettingFault extends Error {
  override readonly name = 'SettingFault'
  readonly trouble: Trouble

  constructor(trouble: Trouble, message: string, cause: unknown) {
    super(message, { cause })
    this.trouble = trouble
  }
}

/** Settings of the account in its region: `BLOB_MOUNTING`. Both throw `SettingFault`. */
export type SettingsPorts = {
  /** @returns the value that holds: `DISABLED` */
  read(name: string): Promise<string>
  put(name: string, value: string): Promise<void>
}
