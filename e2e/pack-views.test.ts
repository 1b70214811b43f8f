import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildStudio } from "../scripts/build.ts";
import { startBrowser, startServer } from "./running-site.ts";
import type { Program } from "./running-site.ts";

// What packs show in the built studio, in a real browser: one from a folder that is being written, one that was added.
let folder: string;
let brewery: string;
let server: Program;
let browser: Browser;

const endpoint = {
  id: "brewery.batches",
  route: "GET /packs/brewery/batches",
  summary: "Batches",
  action: "read",
  answer: { type: "array", items: { type: "string" } },
};

const brewing = {
  "package.json": JSON.stringify({
    name: "doppelwerk-brewery",
    version: "0.1.0",
    type: "module",
    doppelwerk: {
      api: "^1",
      permissions: ["read"],
      contributes: {
        features: [
          {
            id: "brewery",
            server: "./server/open.js",
            words: "./words",
            endpoints: [endpoint],
            views: [
              { at: "shell.page@1", id: "brewery.page", path: "/brewery", title: "brewery.title", icon: "box", load: "./studio/page.js" },
            ],
          },
        ],
      },
    },
  }),
  "words/en.json": JSON.stringify({ "brewery.title": "Batches", "frame.inspector": "taken over" }),
  "words/zh.json": JSON.stringify({ "brewery.title": "批次" }),
  "server/open.js": `export const open = async () => ({ handlers: { "brewery.batches": async () => ["Helles 12"] } });`,
  "studio/page.tsx": `
import { useState } from "react";
import { useStudio, useLoad, useWords } from "@doppelwerk/kit/studio";
import { BatchList } from "./batch-list.tsx";

export default function Page() {
  const { client } = useStudio();
  const [count, setCount] = useState<number>(0);
  const loaded = useLoad(() => client.requester.json<readonly string[]>("GET", "/packs/brewery/batches"), []);
  return <div className="dw-page"><h1>{useWords().t("brewery.title" as never)}</h1><BatchList batches={loaded.value ?? []} /><button onClick={() => setCount(count + 1)}>tapped {count}</button></div>;
}
`,
  "studio/batch-list.tsx": `export const BatchList = ({ batches }: { readonly batches: readonly string[] }) => <ul>{batches.map((name) => <li key={name}>{name}</li>)}</ul>;`,
};

function write(root: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

beforeAll(async () => {
  buildStudio();
  folder = mkdtempSync(join(tmpdir(), "doppelwerk-pack-views-"));
  brewery = write(join(folder, "brewery"), brewing);
  [server, browser] = await Promise.all([startServer(join(folder, "data"), ["--pack", brewery]), startBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A window of somebody who has a name; what the browser complains of is kept. */
async function open(path: string, at = server): Promise<{ readonly page: Page; readonly faults: readonly string[] }> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (line) => line.type() === "error" && faults.push(line.text()));
  await page.addInitScript(() =>
    localStorage.setItem("doppelwerk.preferences", JSON.stringify({ personId: "e2e-packs", name: "Ada Fischer", language: "en" })),
  );
  await page.goto(`${String(at.ready["url"])}${path}`);
  return { page, faults };
}

test("[studio PK40] a page of a pack stands in the bar, is loaded when it is opened, and shares React and the kit with the studio", async () => {
  const { page, faults } = await open("/settings");
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.getByText("Version").waitFor();
  expect(asked.filter((path) => path.startsWith("/packs/"))).toEqual([]);
  await page.getByRole("button", { name: "Batches" }).first().click();
  await page.getByText("Helles 12").waitFor();
  await page.getByRole("button", { name: "tapped 0" }).click();
  await page.getByRole("button", { name: "tapped 1" }).waitFor();
  expect(new URL(page.url()).pathname).toBe("/brewery");
  expect(asked.filter((path) => /shared-react-|shared-doppelwerk-kit-studio-/.test(path)).length).toBeGreaterThan(0);
  expect(faults).toEqual([]);
  await page.close();
});
