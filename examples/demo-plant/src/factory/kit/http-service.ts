import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

export interface Asked {
  /** Parts of the path that the route names with `:`. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

export interface Route {
  readonly method: "GET" | "POST";
  /** `/orders/:order`. */
  readonly path: string;
  answer(asked: Asked): unknown;
}

/** A request that cannot be met: its status and one sentence. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, why: string) {
    super(why);
    this.status = status;
  }
}

/** Text of another type than JSON. */
export class TextAnswer {
  readonly type: string;
  readonly text: string;

  constructor(type: string, text: string) {
    this.type = type;
    this.text = text;
  }
}

const MAX_BODY = 1_000_000;

/** A server on the loopback that answers JSON. */
export async function startService(
  port: number,
  routes: () => readonly Route[],
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => void answer(request, response, routes()));
  await new Promise<void>((done, failed) => {
    server.once("error", failed);
    server.listen(port, "127.0.0.1", done);
  });
  const address = server.address();
  return { port: typeof address === "object" && address !== null ? address.port : port, close: () => closed(server) };
}

/** `after` and `limit` of a list; numbers only. */
export function pageOf({ query }: Asked): { readonly after: number; readonly limit: number } {
  const whole = (name: string, unless: number, most: number): number => {
    const text = query.get(name);
    if (text === null) return unless;
    if (!/^\d{1,9}$/.test(text) || Number(text) > most) throw new Refusal(400, `${name} is a whole number up to ${most}`);
    return Number(text);
  };
  return { after: whole("after", 0, 999_999_999), limit: Math.max(1, whole("limit", 500, 5_000)) };
}

async function answer(request: IncomingMessage, response: ServerResponse, routes: readonly Route[]): Promise<void> {
  try {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const matching = routes.flatMap((route) => {
      const path = match(route.path, url.pathname);
      return path === undefined ? [] : [{ route, path }];
    });
    const found = matching.find(({ route }) => route.method === request.method);
    if (found === undefined)
      throw matching.length > 0 ? new Refusal(405, `${request.method} is not allowed`) : new Refusal(404, `nothing at ${url.pathname}`);
    const body = request.method === "POST" ? await bodyOf(request) : undefined;
    send(response, 200, found.route.answer({ path: found.path, query: url.searchParams, body }));
  } catch (error) {
    const status = error instanceof Refusal ? error.status : 500;
    send(response, status, { error: (error as Error).message });
  }
}

function match(pattern: string, path: string): Record<string, string> | undefined {
  const [wanted, given] = [pattern.split("/"), path.split("/")];
  if (wanted.length !== given.length) return undefined;
  const found: Record<string, string> = {};
  for (const [at, part] of wanted.entries()) {
    if (part.startsWith(":")) found[part.slice(1)] = decoded(given[at]!);
    else if (part !== given[at]) return undefined;
  }
  return found;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Refusal(400, `${text} is no part of a path`);
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY) throw new Refusal(413, `a body has at most ${MAX_BODY} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8")) as unknown;
  } catch {
    throw new Refusal(400, "the body is not JSON");
  }
}

function send(response: ServerResponse, status: number, answered: unknown): void {
  const isText = answered instanceof TextAnswer;
  response.writeHead(status, { "content-type": isText ? answered.type : "application/json; charset=utf-8", "cache-control": "no-store" });
  response.end(isText ? answered.text : JSON.stringify(answered));
}

function closed(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
}
