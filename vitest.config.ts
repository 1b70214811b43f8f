import { defineConfig } from "vitest/config";
import { TestOrder } from "./scripts/test-order.ts";
import { serverEnvironment } from "./scripts/server-process.mjs";

// Hundreds of processes load the same code: it is compiled once, as for the server.
process.env["NODE_COMPILE_CACHE"] ??= serverEnvironment(process.env).NODE_COMPILE_CACHE;

export default defineConfig({
  test: {
    include: [
      "packages/*/src/**/*.test.ts",
      "packs/*/src/**/*.test.ts",
      "examples/*/src/**/*.test.ts",
      "scripts/**/*.test.ts",
      "e2e/**/*.test.ts",
      "bench/**/*.test.ts",
    ],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // no wait decides on a busy machine
    expect: { poll: { timeout: 240_000, interval: 50 } },
    maxWorkers: 2,
    pool: "forks",
    sequence: { sequencer: TestOrder },
  },
});
