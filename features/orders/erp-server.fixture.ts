import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** An ERP as a test needs it: a list of messages that is read with `?after`, master data, and what was written back. */
export interface ErpServer {
  readonly url: string;
  /** Entries of `/messages`, `seq` from 1 on. */
  readonly messages: Record<string, unknown>[];
  readonly asked: string[];
  /** Bodies that were posted, by path; one id counts once. */
  readonly posted: { readonly path: string; readonly body: Record<string, unknown> }[];
  /** Other paths. */
  readonly answers: Map<string, unknown>;
  /** The status of every answer while it is set. */
  fails: number | undefined;
  say(message: Record<string, unknown>): void;
  stop(): Promise<void>;
}

export async function startErp(port = 0): Promise<ErpServer> {
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const erp: ErpServer = {
    url,
    messages: [],
    asked: [],
    posted: [],
    answers: new Map(),
    fails: undefined,
    say: (message) => void erp.messages.push({ seq: erp.messages.length + 1, ...message }),
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url!, url);
    erp.asked.push(request.url!);
    const send = (status: number, body: unknown): void => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    };
    if (erp.fails !== undefined) return send(erp.fails, { error: "down" });
    if (request.method === "POST") {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      const body = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Record<string, unknown>;
      if (!erp.posted.some((each) => each.body["id"] === body["id"])) erp.posted.push({ path: pathname, body });
      return send(200, { id: body["id"] });
    }
    if (pathname === "/messages") {
      const after = Number(searchParams.get("after"));
      return send(200, erp.messages.filter(({ seq }) => Number(seq) > after).slice(0, Number(searchParams.get("limit"))));
    }
    const found = erp.answers.get(decodeURIComponent(pathname));
    send(found === undefined ? 404 : 200, found ?? { error: "nothing here" });
  }
  return erp;
}
