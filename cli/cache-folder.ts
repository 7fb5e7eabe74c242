import { homedir } from 'node:os'
import { join } from 'node:path'

/** The folder that the system has for what may be lost. */
export const cacheFolder = ({ XDG_CACHE_HOME, LOCALAPPDATA, HOME }: NodeJS.ProcessEnv): string =>
  join(XDG_CACHE_HOME || LOCALAPPDATA || join(HOME || homedir(), '.cache'), 'ecr-steward')
