import { join } from 'node:path'
import { loadConfig } from '../config/load.ts'
import { synth } from './synth.ts'

synth(() => loadConfig(join(import.meta.dirname, '../steward.yaml')))
