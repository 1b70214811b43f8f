import { configDefaults, defineConfig } from "vitest/config";
import { TestOrder } from "./scripts/test-order.ts";
import { serverEnvironment } from "./scripts/server-process.mjs";

// Hundreds of processes load the same code: it is compiled once, as for the server.
process.env["NODE_COMPILE_CACHE"] ??= serverEnvironment(process.env).NODE_COMPILE_CACHE;

// Rooms whose tests start nothing and keep nothing: their files share a process and what it has loaded, which is half of their time.
const sharing = ["aas", "client", "operations", "scene", "sim", "studio", "sync", "trust", "ui", "world"].map(
  (room) => `packages/${room}/src/**/*.test.ts`,
);

export default defineConfig({
  test: {
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // no wait decides on a busy machine
    expect: { poll: { timeout: 240_000, interval: 50 } },
    maxWorkers: 2,
    pool: "forks",
    sequence: { sequencer: TestOrder },
    projects: [
      { extends: true, test: { name: "sharing", include: sharing, isolate: false } },
      {
        extends: true,
        test: {
          name: "alone",
          include: [
            "packages/*/src/**/*.test.ts",
            "packs/*/src/**/*.test.ts",
            "examples/*/src/**/*.test.ts",
            "scripts/**/*.test.ts",
            "e2e/**/*.test.ts",
            "bench/**/*.test.ts",
          ],
          exclude: [...configDefaults.exclude, ...sharing],
        },
      },
    ],
  },
});
