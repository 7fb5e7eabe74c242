import v8 from '@vitest/coverage-v8'

const isMeasured = process.env.UNMEASURED === undefined

/** Coverage as V8 measures it, but not in the project of vitest.config.ts that says so: it makes hot loops eight times slower. */
export default isMeasured ? v8 : { getProvider: v8.getProvider }
