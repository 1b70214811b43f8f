import type { Instant } from "@doppelwerk/world";
import { LINK_KINDS, type LinkKind } from "./links.ts";

/** `into`: forward, what became of it; `from`: backward, what it is made of and holds. */
export type Direction = "into" | "from";

/** A recorded link, things and places by their numbers. `kind` is the place in LINK_KINDS. */
export interface LinkRow {
  readonly from: number;
  readonly into: number;
  readonly at: Instant;
  readonly event: number;
  readonly kind: number;
  readonly place: number;
}

/** Reads links of many things at once; rows of one pair are in order of time. */
export interface LinkReader {
  /** Rows that begin (`into`) or end (`from`) at one of the things. */
  links(things: readonly number[], direction: Direction): readonly LinkRow[];
  /** When each of the containers was emptied: rows whose two things are the same. */
  emptied(containers: readonly number[]): readonly LinkRow[];
}

export interface TraceOptions {
  readonly root: number;
  readonly direction: Direction;
  /** As it was at this instant, without what happened after it; default: all that is recorded. */
  readonly at?: Instant;
  /** Backward: only what is in it at the instant, without what was taken out before. */
  readonly isThen?: boolean;
  /** Things at most, the root with them. */
  readonly limit: number;
  /** Links at places that the reader may not see are left out. */
  readonly sees: (place: number) => boolean;
}

/** One thing that was reached, over the shortest way. */
export interface TracedThing {
  readonly thing: number;
  readonly depth: number;
}

/** A link that was followed: from when until when one was in the other; `until` is absent where it still is. */
export interface TracedLink {
  readonly from: number;
  readonly into: number;
  readonly kind: "made" | "assembled" | "packed";
  readonly since: Instant;
  readonly until?: Instant;
  readonly place: number;
}

export interface Trace {
  readonly things: readonly TracedThing[];
  readonly links: readonly TracedLink[];
  /** There is more than the limit. */
  readonly isCut: boolean;
}

const numberOf = (kind: LinkKind): number => LINK_KINDS.indexOf(kind);
const MADE = numberOf("made");
const ASSEMBLED = numberOf("assembled");
const PACKED = numberOf("packed");
const UNPACKED = numberOf("unpacked");
const DISASSEMBLED = numberOf("disassembled");
const BEGINS: Readonly<Record<number, TracedLink["kind"]>> = { [MADE]: "made", [ASSEMBLED]: "assembled", [PACKED]: "packed" };
const ALWAYS = Number.MAX_SAFE_INTEGER;

/** A span in which a thing holds what is traced, or is held by it. */
interface Span {
  readonly since: Instant;
  readonly until: Instant;
}

/**
 * Everything that a thing went into, or that went into it, breadth first. A container holds what is traced only while that is in it: what was in the same
 * container before or after is not reached. What was made of something, or assembled into it, goes on with it.
 */
export function trace(reader: LinkReader, options: TraceOptions): Trace {
  const steps = tracing(reader, options);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Things whose links are read at once: more while these have few, fewer while they have many. */
const AT_ONCE = { begin: 8, max: 512, fewRows: 1_000, manyRows: 4_000 };

/** The same step by step, so that who has other work can do it between them. */
export function* tracing(reader: LinkReader, options: TraceOptions): Generator<undefined, Trace> {
  const { root, direction, at = ALWAYS - 1, isThen = false } = options;
  const walk = new Walk(options);
  const read: Reading = { reader, direction, at, sees: options.sees, links: new Map() };
  let atOnce = AT_ONCE.begin;
  walk.begin(root, { since: isThen ? at : -ALWAYS, until: at + 1 });
  // once there is more than the limit the nearest things are known, and what lies behind them is not asked for
  for (let depth = 1, level: readonly number[] = [root]; level.length > 0 && !walk.isCut; depth++) {
    const next = new Set<number>();
    for (let first = 0; first < level.length && !walk.isCut;) {
      const some = level.slice(first, first + atOnce);
      const unread = some.filter((thing) => !read.links.has(thing));
      const rows = readLinks(read, unread);
      for (const near of some) for (const link of read.links.get(near) ?? []) walk.follow(near, link, depth, next);
      yield undefined;
      first += some.length;
      if (rows > AT_ONCE.manyRows) atOnce = Math.max(1, atOnce >> 1);
      else if (rows < AT_ONCE.fewRows) atOnce = Math.min(AT_ONCE.max, atOnce * 2);
    }
    level = [...next];
  }
  return walk.result();
}

/** What is reached so far. */
class Walk {
  readonly #direction: Direction;
  readonly #limit: number;
  readonly #spans = new Map<number, Span[]>();
  readonly #things: TracedThing[] = [];
  readonly #links = new Set<TracedLink>();
  isCut = false;

  constructor({ direction, limit }: Pick<TraceOptions, "direction" | "limit">) {
    this.#direction = direction;
    this.#limit = limit;
  }

  begin(root: number, span: Span): void {
    this.#things.push({ thing: root, depth: 0 });
    this.#spans.set(root, [span]);
  }

  /** `next` gets the far side where it is reached in a span that was not known. */
  follow(near: number, link: TracedLink, depth: number, next: Set<number>): void {
    const far = this.#direction === "into" ? link.into : link.from;
    for (const span of this.#spans.get(near)!) {
      const reached = through(link, span, this.#direction);
      if (reached === undefined) continue;
      const known = this.#spans.get(far);
      if (known === undefined && this.#things.length >= this.#limit) {
        this.isCut = true;
        return;
      }
      this.#links.add(link);
      if (known === undefined) {
        this.#things.push({ thing: far, depth });
        this.#spans.set(far, [reached]);
      } else if (known.some(({ since, until }) => since <= reached.since && until >= reached.until)) continue;
      else known.push(reached);
      next.add(far);
    }
  }

  result(): Trace {
    return { things: this.#things, links: [...this.#links], isCut: this.isCut };
  }
}

/** What the far side of a link is to the trace, given a span of the near side; undefined where they never met. */
function through(link: TracedLink, span: Span, direction: Direction): Span | undefined {
  const { kind, since } = link;
  const until = link.until ?? ALWAYS;
  if (kind === "made") {
    if (since >= span.until || (direction === "into" && since < span.since)) return undefined;
    return direction === "into" ? { since, until: ALWAYS } : { since, until: since + 1 };
  }
  const begin = Math.max(since, span.since);
  const end = Math.min(until, span.until);
  return begin < end ? { since: begin, until: end } : undefined;
}

interface Reading extends Required<Pick<TraceOptions, "direction" | "at" | "sees">> {
  readonly reader: LinkReader;
  /** Of the things that were read. */
  readonly links: Map<number, readonly TracedLink[]>;
}

/** Reads the links of things, with their ends, as they were known at an instant; how many rows that took. */
function readLinks({ reader, direction, at, sees, links }: Reading, things: readonly number[]): number {
  const rows = reader.links(things, direction).filter((row) => row.at <= at && sees(row.place));
  const containers = new Set<number>();
  for (const { kind, into } of rows) if (kind === PACKED) containers.add(into);
  const emptied = new Map<number, Instant[]>();
  for (const row of containers.size === 0 ? [] : reader.emptied([...containers]))
    if (row.at <= at && sees(row.place)) emptied.set(row.into, [...(emptied.get(row.into) ?? []), row.at]);
  for (let first = 0; first < rows.length;) {
    const { from, into } = rows[first]!;
    let last = first + 1;
    while (last < rows.length && rows[last]!.from === from && rows[last]!.into === into) last++;
    const near = direction === "into" ? from : into;
    const known = (links.get(near) ?? []) as TracedLink[];
    if (known.length === 0) links.set(near, known);
    addLasting(known, rows, first, last, emptied.get(into));
    first = last;
  }
  return rows.length;
}

/** The rows of one pair as spans; a second begin before an end says the same again. */
function addLasting(links: TracedLink[], rows: readonly LinkRow[], first: number, end: number, emptied: readonly Instant[] = []): void {
  const row = rows[first]!;
  // most pairs have one row
  if (end === first + 1 && emptied.length === 0) {
    const kind = BEGINS[row.kind];
    if (kind !== undefined) links.push({ from: row.from, into: row.into, kind, since: row.at, place: row.place });
    return;
  }
  const pair = rows.slice(first, end);
  const endsOf = (kind: number): readonly Instant[] => pair.filter((each) => each.kind === kind).map((each) => each.at);
  const packing = { kind: "packed", begins: PACKED, ends: [...endsOf(UNPACKED), ...emptied].sort((a, b) => a - b) } as const;
  const assembling = { kind: "assembled", begins: ASSEMBLED, ends: endsOf(DISASSEMBLED) } as const;
  for (const { kind, begins, ends } of [packing, assembling]) {
    let covered = -ALWAYS;
    for (const { from, into, at, place } of pair.filter((each) => each.kind === begins)) {
      if (at < covered) continue;
      const until = ends.find((instant) => instant > at);
      links.push({ from, into, kind, since: at, place, ...(until !== undefined && { until }) });
      covered = until ?? ALWAYS;
    }
  }
  for (const { from, into, at, kind, place } of pair) if (kind === MADE) links.push({ from, into, kind: "made", since: at, place });
}
