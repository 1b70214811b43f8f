import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

/** Files of packs by path, as authors write them. */
export type Files = Readonly<Record<string, string>>;

export function writeFiles(root: string, files: Files): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

export function manifest(id: string, feature: object, version = "0.1.0"): string {
  return JSON.stringify({
    name: `doppelwerk-${id}`,
    version,
    type: "module",
    doppelwerk: { api: "^1", permissions: ["read"], contributes: { features: [{ id, words: "./words", ...feature }] } },
  });
}

export function words(id: string, en: string, zh: string, more: Readonly<Record<string, readonly [en: string, zh: string]>> = {}): Files {
  const all = { [`${id}.title`]: [en, zh] as const, "frame.close": ["taken over", "已被占用"] as const, ...more };
  const of = (language: 0 | 1): string =>
    JSON.stringify(Object.fromEntries(Object.entries(all).map(([code, texts]) => [code, texts[language]])));
  return { "words/en.json": of(0), "words/zh.json": of(1) };
}

/** A pack that is being written: TypeScript and JSX, an operation, what the kit offers. */
export const brewing: Files = {
  "package.json": manifest("brewery", {
    server: "./server/open.js",
    endpoints: [
      {
        id: "brewery.batches",
        route: "GET /packs/brewery/batches",
        summary: "Batches",
        action: "read",
        answer: { type: "array", items: { type: "object", properties: { name: { type: "string" }, litres: { type: "number" } } } },
      },
    ],
    views: [{ at: "shell.page@1", id: "brewery.page", path: "/brewery", title: "brewery.title", icon: "box", load: "./studio/page.js" }],
  }),
  ...words("brewery", "Batches", "批次"),
  "server/open.js": `export const open = async () => ({ handlers: { "brewery.batches": async () => [{ name: "Helles 12", litres: 2000 }] } });`,
  "studio/page.tsx": `
import { useState } from "react";
import { Button, Card, Chart, loadOf, operation, useLoad, useText } from "@doppelwerk/kit/studio";
import { BatchList, type Batch } from "./batch-list.tsx";

const batches = operation<readonly Batch[]>("GET /packs/brewery/batches");

export default function Page() {
  const text = useText();
  const [count, setCount] = useState<number>(0);
  const { value = [] } = useLoad(loadOf(batches));
  return (
    <div className="dw-page">
      <Card title={text("brewery.title")}>
        <BatchList batches={value} />
        <Chart label="Litres" height={120} x={{ kind: "category", categories: value.map(({ name }) => name) } as never} y={{ unit: "l" } as never} marks={[]} />
        <Button onClick={() => setCount(count + 1)}>tapped {count}</Button>
      </Card>
    </div>
  );
}
`,
  "studio/batch-list.tsx": `export interface Batch { readonly name: string; readonly litres: number }
export const BatchList = ({ batches }: { readonly batches: readonly Batch[] }) => <ul>{batches.map(({ name }) => <li key={name}>{name}</li>)}</ul>;`,
};

const card = (name: string): object => ({ at: "shell.setting@1", id: `broken.${name}`, load: `./studio/${name}.js` });

/** A pack whose views fail in every way, between two that do not. */
export async function brokenPack(): Promise<Files> {
  return {
    "package.json": manifest("broken", {
      views: [
        ...["first", "throws", "hangs", "nothing", "ownReact", "missing", "last"].map(card),
        { at: "shell.lane@1", id: "broken.lane", row: "above", load: "./studio/lane.js" },
        { at: "shell.action@1", id: "broken.action", title: "broken.title", load: "./studio/action.js" },
      ],
    }),
    ...words("broken", "Broken action", "出错的操作"),
    "studio/first.js": `const tried = () => { try { return (0, eval)("'ran'"); } catch (error) { return error.name; } };
export default () => "first card, eval: " + tried();`,
    "studio/throws.js": `export default () => { throw new Error("the kettle is empty"); };`,
    "studio/hangs.js": `await new Promise(() => {}); export default () => "never";`,
    "studio/nothing.js": `export const card = () => "a named export";`,
    "studio/ownReact.js": await ownReact(),
    "studio/missing.tsx": `export default () => <b>;`,
    "studio/last.js": `export default () => "last card";`,
    "studio/lane.js": `export default { marks() { throw new Error("no marks"); }, words: () => ({ name: "", text: "" }) };`,
    "studio/action.js": `export default async () => { throw new Error("the action failed"); };`,
  };
}

/** A pack as it is added: JavaScript. */
export const cellar: Files = {
  "package.json": manifest("cellar", {
    views: [{ at: "shell.page@1", id: "cellar.page", path: "/cellar", title: "cellar.title", icon: "list", load: "./studio/page.js" }],
  }),
  ...words("cellar", "Cellar", "酒窖"),
  "studio/page.js": `import { createElement } from "react";
import { numberText } from "@doppelwerk/kit/studio";
export default () => createElement("h1", null, "cool and dark");`,
};

/** A card bundled with its own copy of React, as a bundler does unless it is told otherwise. */
async function ownReact(): Promise<string> {
  const source = `import { createElement, useState } from "react"; export default () => createElement("b", null, "own " + useState(7)[0]);`;
  const built = await build({
    configFile: false,
    root: fileURLToPath(new URL("../packages/ui", import.meta.url)),
    logLevel: "error",
    define: { "process.env.NODE_ENV": '"production"' },
    plugins: [
      {
        name: "card",
        resolveId: (id) => (id === "card" ? "\0card.js" : undefined),
        load: (id) => (id === "\0card.js" ? source : undefined),
      },
    ],
    build: {
      write: false,
      target: "es2024",
      rolldownOptions: { input: "card", preserveEntrySignatures: "strict", output: { format: "es" } },
    },
  });
  const [{ output }] = [Array.isArray(built) ? built[0]! : built] as unknown as [{ output: readonly { readonly code?: string }[] }];
  return output[0]!.code!;
}
