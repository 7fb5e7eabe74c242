import { CLIENT, start } from './client.ts'
import { viewsText } from './repository-view.ts'
import { unpack } from './rows.ts'

/**
 * The script of the page: the text of functions, so that it is typed and checked as all others are. The names that a bundler
 * gives them are the same in all of one file, and none goes from one file to the other but as an argument.
 */
export const SCRIPT = `'use strict';(() => {\n${CLIENT}\n;(${start})(${viewsText()}, ${unpack})\n})()`
