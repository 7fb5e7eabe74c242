import { join } from 'node:path'
import { synth } from '../infra/synth.ts'
import { localConfig } from './config.ts'

synth(() => localConfig(join(import.meta.dirname, '..')))
