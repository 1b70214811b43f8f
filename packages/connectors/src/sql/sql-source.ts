import type { Socket } from "node:net";
import { message } from "@doppelwerk/messages";
import { Client, type QueryArrayConfig } from "pg";
import { DoppelwerkError, quality, type Clock, type Instant, type SignalRecord } from "@doppelwerk/world";
import { DraftCollector } from "../discovery/draft-collector.ts";
import type { Connector } from "../host/connector.ts";
import { indexByAddress, TableLayout } from "../files/table-layout.ts";
import { createPolledSource, type Poller } from "../samples/polled-source.ts";
import type { ValueIntake } from "../samples/value-intake.ts";
import type { Secret } from "../secrets/secret-store.ts";
import { sqlSettings, type SqlSettings } from "./settings.ts";

/** A table of a PostgreSQL database, asked at an interval, read-only. A signal's address is its column, or its key. */
export const sqlConnector: Connector = {
  open(connection, signals, options) {
    const settings = sqlSettings.parse(connection.settings ?? {});
    const { backfillFrom } = options;
    // one question serves all signals: from where the first of them ends
    const begin = typeof backfillFrom === "number" ? backfillFrom : earliest(backfillFrom ?? []);
    const position: Position = { newest: begin, ahead: new Set() };
    return createPolledSource({
      ...options,
      connection,
      signals,
      intervalS: settings.intervalS,
      connect: async (stop) =>
        new QueryPoller(await connect(connection.url, settings, options.secret, stop), signals, settings, position, options.clock),
    });
  },
  async discover({ url, settings: raw }, options) {
    const settings = sqlSettings.parse(raw ?? {});
    const client = await connect(url, settings, options.secret);
    try {
      const collector = new DraftCollector(10_000);
      const { header, rows } = await ask(client, settings, undefined, isIncremental(settings) ? DISCOVERED : undefined);
      const layout = new TableLayout(header, settings);
      if (layout.fault !== undefined) throw new DoppelwerkError("DW_INVALID", layout.fault);
      layout.propose(rows.slice(0, DISCOVERED_ROWS), collector);
      if (rows.length === 0) collector.remark(message("connectors.queryAnswersNoRow"));
      return collector.result(new URL(url).host);
    } finally {
      await ended(client);
    }
  },
};

/** Never rejects: a connection that broke has nothing left to end. */
async function ended(client: Client): Promise<void> {
  await client.end().catch(() => {
    // see above
  });
}

/** Undefined where none is known. */
function earliest(times: Iterable<number>): Instant | undefined {
  let first = Number.POSITIVE_INFINITY;
  for (const time of times) if (time < first) first = time;
  return first === Number.POSITIVE_INFINITY ? undefined : first;
}

/** Kept over losses: what was read is not asked for again. */
interface Position {
  newest: Instant | undefined;
  /** Rows whose time cannot be believed, so that nothing is asked for from there on: they are answered again and again, and taken once. */
  readonly ahead: Set<string>;
}

/** No zone and no summer time is further off: a row that lies further ahead is one wrong row, or was written before a clock was set right. */
const MAX_AHEAD: Instant = 86_400_000_000;
const AHEAD_REMEMBERED = 10_000;

async function connect(url: string, settings: SqlSettings, secret: Secret | undefined, stop?: AbortSignal): Promise<Client> {
  const { hostname, port, pathname } = new URL(url);
  const client = new Client({
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? 5432 : Number(port),
    database: decodeURIComponent(pathname.slice(1)) || "postgres",
    // never the user of this machine or of its environment
    user: secret?.username ?? "doppelwerk",
    password: secret?.password ?? "",
    ...(settings.tls || settings.ca !== undefined ? { ssl: { rejectUnauthorized: true, ca: settings.ca } } : {}),
    connectionTimeoutMillis: settings.timeoutMs,
    query_timeout: settings.timeoutMs,
    application_name: "doppelwerk",
    // a query that writes is refused by the database itself
    options: `-c default_transaction_read_only=on -c statement_timeout=${settings.timeoutMs} -c datestyle=ISO -c timezone=UTC`,
    // values as the database writes them: no rounding, no zone of this machine
    types: {
      getTypeParser: (type: number) => (type === BOOLEAN ? (text: string) => (text === "t" ? "true" : "false") : (text: string) => text),
    },
  });
  client.on("error", () => {});
  // a database that answers nothing takes no good-bye
  stop?.addEventListener("abort", () => setTimeout(() => streamOf(client).destroy(), FAREWELL_MS), { once: true });
  await client.connect();
  return client;
}

/** What the library does not declare. */
const streamOf = (client: Client): Socket => (client as unknown as { readonly connection: { readonly stream: Socket } }).connection.stream;

const FAREWELL_MS = 300;
const BOOLEAN = 16;

interface Answer {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const DISCOVERED_ROWS = 1_000;
const DISCOVERED: Piece = { limit: DISCOVERED_ROWS };

/** Of an answer that may be long only its beginning, in an order that lets the rest be asked for. */
interface Piece {
  readonly orderBy?: string;
  readonly limit: number;
}

const isIncremental = ({ query }: SqlSettings): boolean => /\$1\b/.test(query);

/** Extended protocol: one statement only. */
async function ask(client: Client, settings: SqlSettings, newest: Instant | undefined, piece?: Piece): Promise<Answer> {
  const since = new Date((newest ?? 0) / 1000).toISOString().replace(/\.\d+Z$/, `.${String((newest ?? 0) % 1_000_000).padStart(6, "0")}Z`);
  const asked: QueryArrayConfig & { readonly queryMode: "extended" } = {
    text: piece === undefined ? settings.query : pieceOf(settings.query, piece),
    values: isIncremental(settings) ? [since] : [],
    rowMode: "array",
    queryMode: "extended",
  };
  const { fields, rows } = await client.query<(string | null)[]>(asked);
  if (piece === undefined && rows.length > settings.maxRows) throw tooMany(rows.length, settings);
  return { header: fields.map(({ name }) => name), rows: rows.map((row) => row.map((value) => value ?? "")) };
}

function tooMany(rows: number, { maxRows }: SqlSettings): Error {
  return new DoppelwerkError("DW_UNAVAILABLE", message("connectors.queryTooManyRows", { rows, maxRows }));
}

/** The line end closes a comment that the query may end with. */
function pieceOf(query: string, { orderBy, limit }: Piece): string {
  const order = orderBy === undefined ? "" : ` order by "${orderBy.replaceAll('"', '""')}"`;
  return `select * from (${query.replace(/[\s;]+$/, "")}\n) as newer${order} limit ${limit}`;
}

class QueryPoller implements Poller {
  readonly #client: Client;
  readonly #signals: readonly SignalRecord[];
  readonly #settings: SqlSettings;
  readonly #position: Position;
  readonly #clock: Clock;
  readonly #byAddress: ReadonlyMap<string, readonly number[]>;
  #first = true;
  /** Values that had a time of their own. */
  #taken = 0;
  #orderBy: string | undefined;

  constructor(client: Client, signals: readonly SignalRecord[], settings: SqlSettings, position: Position, clock: Clock) {
    this.#clock = clock;
    this.#client = client;
    this.#signals = signals;
    this.#settings = settings;
    this.#position = position;
    this.#byAddress = indexByAddress(signals);
  }

  /** What came while nobody asked may be more than one answer takes: then it is read piece by piece. */
  async poll(intake: ValueIntake, stop: AbortSignal): Promise<void> {
    const isFirst = this.#first;
    if (isIncremental(this.#settings)) this.#orderBy ??= await this.#timeColumn();
    // rows that only show what stands are no archive
    if (isFirst && this.#orderBy) intake.archiveBegins();
    let more = true;
    while (more && !stop.aborted) more = await this.#take(intake);
    if (isFirst && this.#orderBy && !stop.aborted) await intake.archiveEnds(this.#taken);
  }

  /** Empty where there is none to go by. */
  async #timeColumn(): Promise<string> {
    const { header } = await ask(this.#client, this.#settings, this.#position.newest, { limit: 0 });
    const { timeName } = new TableLayout(header, this.#settings);
    return timeName === undefined || header.filter((name) => name === timeName).length !== 1 ? "" : timeName;
  }

  /** Answers whether there is more. */
  async #take(intake: ValueIntake): Promise<boolean> {
    const { maxRows } = this.#settings;
    const piece = this.#orderBy ? { orderBy: this.#orderBy, limit: maxRows + 1 } : undefined;
    const answer = await ask(this.#client, this.#settings, this.#position.newest, piece);
    const { header } = answer;
    const more = answer.rows.length > maxRows;
    const rows = more ? this.#withoutLast(answer) : answer.rows;
    const layout = new TableLayout(header, this.#settings);
    if (layout.fault !== undefined) throw new DoppelwerkError("DW_INVALID", layout.fault);
    const seen = new Set<number>();
    const believed = this.#clock.now() + MAX_AHEAD;
    const before = this.#position.newest;
    let newest = before ?? 0;
    for (const row of rows) {
      for (const { key, text, time } of layout.values(row)) {
        const ahead = typeof time === "number" && time > believed;
        if (ahead && !this.#isNewAhead(`${time} ${key} ${text}`, intake)) continue;
        if (typeof time === "number" && !ahead) newest = Math.max(newest, time);
        for (const index of this.#byAddress.get(key) ?? []) {
          seen.add(index);
          const raw = layout.raw(text, this.#signals[index]!.valueType);
          if (time === undefined) intake.value(index, { raw });
          else if (time === "missing") intake.value(index, { raw, time });
          else {
            this.#taken++;
            intake.value(index, { raw, time, past: true, ...(ahead ? { quality: quality.uncertain } : {}) });
          }
        }
      }
      if (intake.full) {
        intake.flush();
        await intake.room();
      }
    }
    if (newest > 0) this.#position.newest = newest;
    if (this.#first) this.#tellAbsent(header, seen, intake);
    this.#first = false;
    // rows that are not believed come last, and move nothing
    return more && this.#position.newest !== before;
  }

  /** Rows of the last time may go on behind the end: they come with the next piece. */
  #withoutLast({ header, rows }: Answer): Answer["rows"] {
    const at = header.indexOf(this.#orderBy!);
    const last = rows.at(-1)![at];
    const whole = rows.filter((row) => row[at] !== last);
    if (whole.length === 0) throw tooMany(rows.length, this.#settings);
    return whole;
  }

  async close(): Promise<void> {
    await ended(this.#client);
  }

  #isNewAhead(row: string, intake: ValueIntake): boolean {
    const { ahead } = this.#position;
    if (ahead.has(row)) return false;
    intake.finding(undefined, message("connectors.rowsAheadOfClock"));
    if (ahead.size >= AHEAD_REMEMBERED) return false;
    ahead.add(row);
    return true;
  }

  /** A column that the query does not have will never come; a key may. */
  #tellAbsent(header: readonly string[], seen: ReadonlySet<number>, intake: ValueIntake): void {
    if (this.#settings.keyColumn !== undefined) return;
    for (const [address, indices] of this.#byAddress)
      if (!header.includes(address))
        for (const index of indices) if (!seen.has(index)) intake.refused(index, message("connectors.queryColumnMissing"));
  }
}
