import { isIP } from "node:net";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { Client } from "pg";
import { checkedLookup, forbidden } from "../http/guarded-client.ts";

export interface OrderedQuery {
  /** `postgres://host:port/database`. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** One SELECT with `$1`, a whole number. */
  readonly query: string;
  /** Column of a whole number that rows are ordered by. */
  readonly orderBy: string;
  readonly limit: number;
  readonly timeoutMs: number;
  readonly allowPrivate: boolean;
  readonly tls: boolean;
  readonly ca?: string | undefined;
}

/** Rows as texts by column, in their order: asked in one read-only transaction. The address is checked as those of web servers are. */
export async function orderedRows(asked: OrderedQuery, after: number): Promise<readonly Readonly<Record<string, string | null>>[]> {
  const { url, user, password, query, orderBy, limit, timeoutMs, allowPrivate, tls, ca } = asked;
  const { hostname, port, pathname } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, "");
  const client = new Client({
    host: await addressOf(host, allowPrivate),
    port: port === "" ? 5432 : Number(port),
    database: decodeURIComponent(pathname.slice(1)),
    user,
    password,
    ...(tls ? { ssl: { rejectUnauthorized: true, servername: host, ca } } : {}),
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
    application_name: "doppelwerk",
    options: `-c default_transaction_read_only=on -c statement_timeout=${timeoutMs} -c datestyle=ISO -c timezone=UTC`,
    types: { getTypeParser: () => (text: string) => text },
  });
  // what happens to it afterwards is of no use: each question has a connection of its own
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query("begin transaction read only");
    const column = `"${orderBy.replaceAll('"', '""')}"`;
    const text = `select * from (${query.replace(/[\s;]+$/, "")}\n) as asked order by ${column} limit ${limit}`;
    const { rows } = await client.query<Record<string, string | null>>({ text, values: [String(after)], queryMode: "extended" } as never);
    await client.query("commit");
    return rows;
  } finally {
    // a connection that broke has nothing left to end
    await client.end().then(undefined, () => undefined);
  }
}

function addressOf(host: string, allowPrivate: boolean): Promise<string> {
  const why = isIP(host) === 0 ? undefined : forbidden(host, allowPrivate);
  if (why !== undefined) return Promise.reject(new DoppelwerkError("DW_UNAVAILABLE", why));
  if (isIP(host) !== 0) return Promise.resolve(host);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  checkedLookup(allowPrivate)(host, {}, (error, address) => {
    if (error) reject(error);
    else if (typeof address === "string") resolve(address);
    else reject(new DoppelwerkError("DW_UNAVAILABLE", message("connectors.hostWithoutAddress", { host })));
  });
  return promise;
}
