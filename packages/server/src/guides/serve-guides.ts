import { hash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { errorBody } from "../http/errors.ts";
import { escapeHtml, htmlOfMarkdown } from "./markdown.ts";

/** Where guides and the pictures in them are: `docs` of the repository. */
export interface GuideFolders {
  readonly guides: string;
  readonly pictures: string;
}

/** System colours, so that the page is light or dark as its reader has it. */
const STYLE = `
:root { color-scheme: light dark; font: 16px/1.55 Inter, system-ui, sans-serif }
body { margin: 0 auto; padding: 24px 16px 96px; max-width: 60rem; overflow-wrap: break-word }
nav { font-size: 14px } h1 { font-size: 28px; line-height: 1.25 } h2 { margin-top: 2em; font-size: 20px } h3 { font-size: 16px }
code, pre { font-family: ui-monospace, monospace; font-size: .9em } code { overflow-wrap: anywhere }
pre, .table { overflow-x: auto } pre { padding: 12px 16px } pre, td code, p code, li code { background: color-mix(in srgb, CanvasText 7%, Canvas); border-radius: 4px }
td code, p code, li code { padding: 0 3px } img { max-width: 100%; max-height: 80vh }
table { border-collapse: collapse; font-size: 14px } th, td { padding: 6px 12px 6px 0; text-align: left; vertical-align: top; border-bottom: 1px solid color-mix(in srgb, CanvasText 18%, Canvas) }
td code { overflow-wrap: normal } tr:target { background: color-mix(in srgb, Highlight 25%, Canvas) }
`;

/** No script, no frame, nothing of another server; one style, by its hash, and pictures of this one. */
export const GUIDE_POLICY = `default-src 'none'; style-src 'sha256-${hash("sha256", STYLE, "base64")}'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

const NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** The guides as pages that can only be read, at `/guide/NAME`; a list of them at `/guide`. */
export function serveGuides(app: FastifyInstance, folders: GuideFolders): void {
  const page = (reply: FastifyReply, title: string, body: string): FastifyReply =>
    reply
      .header("content-security-policy", GUIDE_POLICY)
      .header("cache-control", "no-cache")
      .type("text/html; charset=utf-8")
      .send(pageOf(title, body));
  app.get("/guide", async (request, reply) => {
    const names = await namesIn(folders.guides);
    if (names.length === 0) return nothing(request, reply);
    const titles = await Promise.all(names.map(async (name) => titleOf((await textOf(folders.guides, name)) ?? "", name)));
    const items = names.map((name, index) => `<li><a href="/guide/${name}">${escapeHtml(titles[index]!)}</a></li>`);
    return page(reply, "Guides", `<h1>Guides</h1><ul>${items.join("")}</ul>`);
  });
  app.get("/guide/:name", async (request, reply) => {
    const { name } = request.params as { readonly name: string };
    const source = await textOf(folders.guides, name);
    return source === undefined
      ? nothing(request, reply)
      : page(reply, titleOf(source, name), `<nav><a href="/guide">Guides</a></nav>\n${htmlOfMarkdown(source, addressOf)}`);
  });
  app.get("/guide/pictures/:file", async (request, reply) => {
    const { file } = request.params as { readonly file: string };
    const content = /^[a-z0-9-]+\.png$/.test(file) ? await ifThere(readFile(join(folders.pictures, file))) : undefined;
    return content === undefined ? nothing(request, reply) : reply.header("cache-control", "no-cache").type("image/png").send(content);
  });
}

/** Another guide, a picture, a place of this page, a page of the web; what else the repository holds is not served. */
function addressOf(target: string): string | undefined {
  if (target.startsWith("https://") || target.startsWith("#")) return target;
  const { guide, anchor = "" } = /^(?<guide>[a-z0-9-]+)\.md(?<anchor>#.*)?$/.exec(target)?.groups ?? {};
  if (guide !== undefined) return `/guide/${guide}${anchor}`;
  const picture = /^\.\.\/pictures\/(?<file>[a-z0-9-]+\.png)$/.exec(target)?.groups?.["file"];
  return picture === undefined ? undefined : `/guide/pictures/${picture}`;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const files = (await ifThere(readdir(folder))) ?? [];
  return files
    .filter((file) => file.endsWith(".md"))
    .map((file) => file.slice(0, -3))
    .toSorted();
}

async function textOf(folder: string, name: string): Promise<string | undefined> {
  return NAME.test(name) ? ifThere(readFile(join(folder, `${name}.md`), "utf8")) : undefined;
}

/** Undefined for a file that is not there: the server may be installed without its guides. */
async function ifThere<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function titleOf(source: string, name: string): string {
  return /^# (?<title>.+)$/m.exec(source)?.groups?.["title"] ?? name;
}

function pageOf(title: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="icon" href="/icon.svg"><title>${escapeHtml(title)} · Doppelwerk</title><style>${STYLE}</style><body><main>${body}</main></body></html>`;
}

function nothing(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply
    .status(404)
    .send(errorBody("DW_NOT_FOUND", message("server.nothingAnswers", { method: request.method, url: request.url.slice(0, 200) })));
}
