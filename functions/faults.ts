/** Not now: the record goes back to the queue and comes again after its visibility timeout, or the run is started again. */
export class Later extends Error {
  override readonly name = 'Later'
}

/** AWS refused, or could not be reached. `permanent`: asking again will not help. The message is for the reader of an alert. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable'
  readonly permanent: boolean
  constructor(why: string, permanent: boolean, cause: unknown) {
    super(why, { cause })
    this.permanent = permanent
  }
}

/** The repository or the image is not there: not yet, or no longer. */
export class Gone extends Error {
  override readonly name = 'Gone'
}
