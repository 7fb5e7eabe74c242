import { configDefaults, defineConfig } from 'vitest/config'

const all = (percent: number) => ({ statements: percent, branches: percent, functions: percent, lines: percent })

/** Tests that bend nothing that others share: their modules are loaded once for all of them. */
const TOGETHER = [
  'test/{domain,policy,events,judging,planning,clean-up,watch,push-check,scan-alert,infra,adapters,sweep,config,notify}/**/*.test.ts',
  'test/{gate,action,account-settings,cli,reliability,functions,examples/images}/**/*.test.ts',
  'test/local/{aws,announce,runtime,seed,slack}/**/*.test.ts',
]

/** Properties that run what other tests cover anyway, and take long where coverage is measured: there it is not. */
const UNMEASURED = ['test/config/{properties,parity}.test.ts']

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: TOGETHER,
          exclude: [...configDefaults.exclude, ...UNMEASURED],
          isolate: false,
        },
      },
      { extends: true, test: { name: 'unmeasured', include: UNMEASURED, isolate: false, env: { UNMEASURED: '1' } } },
      {
        extends: true,
        test: { name: 'alone', include: ['test/**/*.test.ts'], exclude: [...configDefaults.exclude, ...TOGETHER] },
      },
    ],
    globalSetup: 'test/global-setup.ts',
    // Vitest leaves one core idle otherwise, which on two cores is half of them.
    maxWorkers: '100%',
    testTimeout: 30_000,
    hookTimeout: 120_000,
    coverage: {
      provider: 'custom',
      customProviderModule: 'test/coverage.ts',
      include: [
        'functions/**/*.ts',
        'config/**/*.ts',
        'cli/**/*.ts',
        'infra/**/*.ts',
        'local/**/*.ts',
        'action/**/*.ts',
      ],
      // Wiring that runs in processes of its own: handlers as bundles, the rest from the command line.
      exclude: [
        ...[
          'test/**',
          'functions/*/handler.ts',
          'infra/app.ts',
          'infra/packaged-code.ts',
          'local/start.ts',
          'local/serve.ts',
        ],
        ...['cli/main.ts', 'cli/older-node.ts', 'cli/aws/provider-chain.ts', 'action/main.ts'],
      ],
      reporter: ['text-summary', 'json-summary', 'html'],
      reportsDirectory: 'coverage',
      thresholds: {
        'functions/domain/**': all(100),
        'functions/**': all(95),
        'config/**': all(95),
        'cli/**': all(90),
        'action/**': all(90),
        'infra/**': all(95),
        'local/**': all(90),
      },
    },
  },
})
