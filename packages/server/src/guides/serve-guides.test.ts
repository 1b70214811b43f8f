import { fileURLToPath } from "node:url";
import { readdirSync } from "node:fs";
import type { FastifyInstance } from "fastify";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApp } from "../http/app.ts";
import { htmlOfMarkdown } from "./markdown.ts";
import { GUIDE_POLICY, serveGuides } from "./serve-guides.ts";

const docs = fileURLToPath(new URL("../../../../docs", import.meta.url));
const headers = { host: "127.0.0.1:8420", accept: "text/html" };
let app: FastifyInstance;

beforeAll(async () => {
  app = createApp(pino({ level: "silent" }));
  serveGuides(app, { guides: `${docs}/guide`, pictures: `${docs}/pictures` });
  await app.ready();
});
afterAll(() => app.close());

const names = readdirSync(`${docs}/guide`).map((file) => file.replace(".md", ""));

test("[SV170] every guide is a page with its title, under a policy that runs nothing; its links to guides, places and pictures lead somewhere", async () => {
  const pages = new Map(
    await Promise.all(names.map(async (name) => [name, await app.inject({ url: `/guide/${name}`, headers })] as const)),
  );
  const faults: string[] = [];
  for (const [name, page] of pages) {
    expect([page.statusCode, page.headers["content-type"], page.headers["content-security-policy"]], name).toEqual([
      200,
      "text/html; charset=utf-8",
      GUIDE_POLICY,
    ]);
    expect(page.body, name).toMatch(/<h1 id="[^"]+">.+<\/h1>/);
    for (const [, address] of page.body.matchAll(/(?:href|src)="((?:\/guide|#)[^"]*)"/g)) {
      const [path, anchor] = address!.startsWith("#") ? [`/guide/${name}`, address!.slice(1)] : (address!.split("#") as [string, string?]);
      const target = await app.inject({ url: path, headers });
      if (target.statusCode !== 200 || (anchor !== undefined && !target.body.includes(` id="${anchor}"`)))
        faults.push(`${name}: ${address}`);
    }
  }
  expect(faults).toEqual([]);
  const list = await app.inject({ url: "/guide", headers });
  for (const name of names) expect(list.body).toContain(`href="/guide/${name}"`);
});

test("[SV170] nothing but guides and their pictures is served there", async () => {
  for (const url of [
    "/guide/..%2FARCHITECTURE",
    "/guide/ARCHITECTURE",
    "/guide/none",
    "/guide/connectors.md",
    "/guide/pictures/..%2Fguide%2Ferrors.md",
  ]) {
    const { statusCode, headers: answered } = await app.inject({ url, headers });
    expect([statusCode, answered["content-type"]], url).toEqual([404, "application/json; charset=utf-8"]);
  }
  expect((await app.inject({ method: "POST", url: "/guide/errors", headers })).statusCode).toBe(404);
});

test("[SV170] what a guide says is text: no tag, address or attribute of it becomes one of the page", () => {
  const source =
    '# A <b>\n<script>x</script> `<i>` **b** *c* [d](javascript:alert(1)) [j](j.md) ![e](http://x/"y) ![f](j.png)\n\n| `A_B` | f \\| g |\n|---|---|\n| `C_D` | h |\n\n- i\n- k\n\n```\n<l>\n```';
  const html = htmlOfMarkdown(source, (target) => (target.startsWith("j") ? undefined : target));
  expect(html.replaceAll("\n", "")).toBe(
    [
      '<h1 id="a-b">A &lt;b&gt;</h1>',
      "<p>&lt;script&gt;x&lt;/script&gt; <code>&lt;i&gt;</code> <strong>b</strong> <em>c</em> ",
      '[d](javascript:alert(1)) j <img src="http://x/%22y" alt="e"> f</p>',
      '<div class="table" tabindex="0"><table><thead><tr><th scope="col"><code>A_B</code></th><th scope="col">f | g</th></tr></thead>',
      '<tbody><tr id="C_D"><td><code>C_D</code></td><td>h</td></tr></tbody></table></div>',
      '<ul><li>i</li><li>k</li></ul><pre tabindex="0"><code>&lt;l&gt;</code></pre>',
    ].join(""),
  );
});
