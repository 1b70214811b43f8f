import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, gzipSync } from "node:zlib";
import type { FastifyInstance } from "fastify";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApp, serveStudio } from "./app.ts";
import { DATA_POLICY, STUDIO_POLICY, studioPolicyOf } from "./content-policy.ts";

let app: FastifyInstance;
let directory: string;
const host = "127.0.0.1:8420";

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "doppelwerk-studio-"));
  mkdirSync(join(directory, "assets"));
  const files = { "index.html": "<!doctype html><title>Doppelwerk</title>".repeat(99), "assets/page.js": "export {};".repeat(999) };
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(directory, name), text);
    writeFileSync(join(directory, `${name}.br`), brotliCompressSync(text));
    writeFileSync(join(directory, `${name}.gz`), gzipSync(text));
  }
  app = createApp(pino({ level: "silent" }));
  app.get("/api/v3/stored", async (_, reply) => reply.type("text/javascript").send("top.hacked = 1"));
  await serveStudio(app, directory);
});

afterAll(async () => {
  await app.close();
  rmSync(directory, { recursive: true, force: true });
});

const encodings = [
  ["identity", undefined],
  ["gzip", "gzip"],
  ["br", "br"],
  ["gzip, deflate, br, zstd", "br"],
] as const;

test.each(encodings)(
  "[SV130] for a browser that accepts %s every file of the studio comes with the studio's policy",
  async (accepted, encoding) => {
    for (const url of ["/", "/index.html", "/assets/shells?deep=link", "/assets/page.js"]) {
      const headers = { host, accept: "text/html", "accept-encoding": accepted };
      const answer = await app.inject({ url, headers });
      expect([answer.statusCode, answer.headers["content-encoding"], answer.headers["content-security-policy"]], url).toEqual([
        200,
        encoding,
        STUDIO_POLICY,
      ]);
      const known = await app.inject({ url, headers: { ...headers, "if-none-match": String(answer.headers.etag) } });
      expect([known.statusCode, known.headers["content-security-policy"]], url).toEqual([304, STUDIO_POLICY]);
      expect((await app.inject({ method: "HEAD", url: "/", headers })).headers["content-security-policy"]).toBe(STUDIO_POLICY);
    }
  },
);

test("[SV173] what the build compressed is read from the disk once, however often it is asked for", async () => {
  const headers = { host, "accept-encoding": "br" };
  const ask = (url: string) => app.inject({ url, headers });
  const text = "export {};".repeat(999);
  expect(brotliDecompressSync((await ask("/assets/page.js")).rawPayload).toString()).toBe(text);
  rmSync(join(directory, "assets/page.js.br"));
  const again = await ask("/assets/page.js");
  expect(again.headers).toMatchObject({
    "content-type": "text/javascript; charset=utf-8",
    "content-encoding": "br",
    "cache-control": "public, max-age=31536000, immutable",
    vary: "accept-encoding",
  });
  expect(brotliDecompressSync(again.rawPayload).toString()).toBe(text);
  // who takes no such encoding gets the file itself
  expect((await app.inject({ url: "/assets/page.js", headers: { host } })).body).toBe(text);
  expect((await ask("/assets/..%2Findex.html")).statusCode).toBe(403);
  for (const name of [".hidden.js", "none.js"]) expect((await ask(`/assets/${name}`)).statusCode, name).toBe(404);
});

test("[PK34] the policy lets the import map of the page run, by its hash, and no other inline script", () => {
  const map = '{"imports":{"react":"/assets/react.js"}}';
  const page = `<!doctype html><script type="importmap">${map}</script><script type="module" src="/assets/page.js"></script>`;
  const hashed = `'sha256-${createHash("sha256").update(map).digest("base64")}'`;
  expect(studioPolicyOf(page)).toBe(STUDIO_POLICY.replace("; style-src", ` ${hashed}; style-src`));
  expect(studioPolicyOf("<!doctype html><script>alert(1)</script>")).toBe(STUDIO_POLICY);
});

test("[SV131] everything that is no file of the studio is answered as data: sandboxed, for this origin alone, its type not guessed", async () => {
  for (const url of ["/api/v3/stored", "/api/v3/stored?x=.html"]) {
    const { headers } = await app.inject({ url, headers: { host } });
    expect(headers).toMatchObject({
      "content-security-policy": DATA_POLICY,
      "cross-origin-resource-policy": "same-origin",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
    });
  }
  const foreign = await app.inject({ url: "/api/v3/stored", headers: { host: "evil.example" } });
  expect(foreign.statusCode).toBe(403);
});

test("[SV132] a page may fetch data, show it and download it; it may not run, style or embed it", async () => {
  const ask = async (url: string, destination: string) =>
    (await app.inject({ url, headers: { host, "sec-fetch-dest": destination } })).statusCode;
  for (const destination of ["empty", "document", "image", "audio", "video", "track"])
    expect(await ask("/api/v3/stored", destination), destination).toBe(200);
  const refused = ["script", "worker", "sharedworker", "serviceworker", "audioworklet", "paintworklet", "xslt", "style", "font", "iframe"];
  for (const destination of [...refused, "frame", "object", "embed", "manifest", "json", "", "unheard-of"])
    expect(await ask("/api/v3/stored", destination), destination).toBe(403);
  for (const destination of ["script", "worker", "style", "font"]) expect(await ask("/assets/page.js", destination), destination).toBe(200);
  expect((await app.inject({ url: "/api/v3/stored", headers: { host } })).statusCode).toBe(200);
});
