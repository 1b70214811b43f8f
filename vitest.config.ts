import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";
import { TestOrder } from "./scripts/test-order.ts";
import { serverEnvironment } from "./scripts/server-process.mjs";

// Hundreds of processes load the same code: it is compiled once, as for the server.
process.env["NODE_COMPILE_CACHE"] ??= serverEnvironment(process.env).NODE_COMPILE_CACHE;

// Every answer of every test is held to its contract.
process.env["DOPPELWERK_CHECK_ANSWERS"] ??= "1";

// Rooms whose tests start nothing and keep nothing (the kit has a server's part): their files share a process and what it has loaded, which is half of their time.
const house = JSON.parse(readFileSync(new URL("house.json", import.meta.url), "utf8")) as { readonly pure: readonly string[] };
const sharing = [
  ...[...house.pure.filter((room) => room !== "kit"), "studio", "ui"].map((room) => `packages/${room}/src/**/*.test.ts`),
  "features/*/{model,folds,jobs,studio}/**/*.test.ts",
];

// What the server tells is read in English; a page of the studio loads its language itself.
const setupFiles = [fileURLToPath(new URL("scripts/english-messages.ts", import.meta.url))];

// Pages of the studio, drawn without a browser.
const pageWindow = fileURLToPath(new URL("packages/studio/src/app/window.fixture.ts", import.meta.url));
const pages = ["packages/{studio,ui}/src/**/*.test.tsx", "features/*/studio/**/*.test.tsx", "apps/*/src/studio/**/*.test.tsx"];

export default defineConfig({
  test: {
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // no wait decides on a busy machine
    expect: { poll: { timeout: 240_000, interval: 50 } },
    // one more than the cores of a small machine: while a test waits for a server, a browser or a broker, another one goes on
    maxWorkers: 3,
    pool: "forks",
    sequence: { sequencer: TestOrder },
    projects: [
      { extends: true, test: { name: "sharing", setupFiles, include: sharing, isolate: false } },
      { extends: true, test: { name: "pages", include: pages, environment: "jsdom", setupFiles: [pageWindow] } },
      {
        extends: true,
        test: {
          name: "alone",
          setupFiles,
          include: ["{packages,packs,examples,apps}/*/src/**/*.test.{ts,tsx}", "{features,scripts,e2e,bench}/**/*.test.{ts,tsx}"],
          exclude: [...configDefaults.exclude, ...sharing, ...pages],
        },
      },
    ],
  },
});
