import { DoppelwerkError, hashedId, message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { KnownLines } from "@doppelwerk/ports";
import { HOUR, LIVE, type EventPayload, type EventRecord, type Instant, type RecordId } from "@doppelwerk/world";
import { MAX_READ, type Curve, type Curves } from "../contract.ts";
import { KeptCurve, keptCurve, pointsOf, verdictOf, type PostedCurve } from "../model/curve.ts";
import { envelopeOf, isOutlier, outsideShare } from "../model/envelope.ts";
import { CURVE_EVENT } from "../model/event-kinds.ts";
import type {} from "../message-codes.ts";
import type { Stretch } from "./signal-reading.ts";

const PAGE = 500;

export interface CurveOptions {
  now(): Instant;
  lines(): Promise<KnownLines>;
}

interface Read extends KeptCurve {
  readonly at: Instant;
  readonly known: Instant;
  readonly isCorrected: boolean;
}

interface Question extends Stretch {
  readonly station: string;
  readonly channel?: string | undefined;
  readonly serial?: string | undefined;
  readonly limit: number;
  readonly at: Instant;
}

/** Curves of benches, as events of the shell of their station: who may read the shell reads them. */
export class CurveBook {
  readonly #options: CurveOptions;

  constructor(options: CurveOptions) {
    this.#options = options;
  }

  /** Sent again it has the same id; with other content another one, which takes the place of the first where it is read. */
  async record(view: PlantView, curve: string, posted: PostedCurve): Promise<{ readonly id: string; readonly isNew: boolean }> {
    const at = Math.round(Date.parse(posted.time) * 1_000);
    if (at > this.#options.now() + HOUR) throw new DoppelwerkError("DW_INVALID", message("trends.curveInFuture", { time: posted.time }));
    const subject = await this.#subjectOf(view, posted.station);
    if (subject === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("trends.noStation", { station: posted.station }));
    const kept = keptCurve(curve, posted, (bytes) => Buffer.from(bytes).toString("base64"));
    const id = hashedId("event", CURVE_EVENT, JSON.stringify(kept));
    const { recorded } = await view.events.record([
      { id, subject, type: CURVE_EVENT, at, origin: "measured", payload: kept as unknown as EventPayload },
    ]);
    return { id, isNew: recorded === 1 };
  }

  async list(view: PlantView, question: Question): Promise<Curves> {
    const { station, channel: asked, serial, limit, from, to, at } = question;
    const subject = await this.#subjectOf(view, station);
    if (subject === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("trends.noStation", { station }));
    const query = { branch: LIVE, subject, types: [CURVE_EVENT], from, to, knownAt: at } as const;
    const all = await this.#read(view, { ...query, key: { name: "station", value: station } }, MAX_READ);
    const axes = all[0]?.axes;
    const comparable = all.filter((curve) => JSON.stringify(curve.axes) === JSON.stringify(axes));
    const channels = [...new Set(comparable.flatMap((curve) => curve.channels.map(({ name }) => name)))];
    const channel = asked !== undefined && channels.includes(asked) ? asked : (channels[0] ?? "");
    const columns = new Map(comparable.map((curve) => [curve, columnsOf(curve, channel)]));
    const good = comparable.filter((curve) => verdictOf(curve.verdict) === "good" && columns.get(curve)!.x.length > 1);
    const envelope = envelopeOf(good.map((curve) => columns.get(curve)!));
    const shown = comparable.filter((curve) => columns.get(curve)!.x.length > 0 && (serial === undefined || curve.serial === serial));
    return {
      station,
      channel,
      channels,
      ...(axes && { axes }),
      curves: shown.slice(0, limit).map((curve): Curve => {
        const own = columns.get(curve)!;
        const outside = envelope && outsideShare(own, envelope);
        return {
          ...headOf(curve),
          ...own,
          isOutlier: outside !== undefined && isOutlier(outside),
          ...(outside !== undefined && { outside }),
        };
      }),
      ...(envelope && { envelope: { ...envelope, of: good.length } }),
      count: await view.events.count(query),
      otherAxes: all.length - comparable.length,
    };
  }

  async ofSerial(view: PlantView, serial: string, at: Instant) {
    const found = await this.#read(view, { branch: LIVE, types: [CURVE_EVENT], key: { name: "serial", value: serial }, knownAt: at }, PAGE);
    return found
      .map(({ curve, station, at: when, attempt, verdict }) => ({
        curve,
        station,
        at: when,
        ...(attempt !== undefined && { attempt }),
        ...(verdict !== undefined && { verdict }),
      }))
      .toReversed();
  }

  /** Those that have any, in the order of the lines. */
  async stations(view: PlantView, at: Instant): Promise<{ station: string; count: number; newest: number }[]> {
    const answer: { station: string; count: number; newest: number }[] = [];
    for (const { id, subject } of await this.#stations(view)) {
      const query = { branch: LIVE, subject, types: [CURVE_EVENT], key: { name: "station", value: id }, knownAt: at } as const;
      const newest = await view.events.latest(query);
      if (newest !== undefined) answer.push({ station: id, count: await view.events.count(query), newest: newest.at });
    }
    return answer;
  }

  /** Newest first, each curve once: as it was received last. */
  async #read(view: PlantView, query: Parameters<PlantView["events"]["count"]>[0], most: number): Promise<Read[]> {
    const byName = new Map<string, Read>();
    let cursor: string | undefined;
    do {
      const page = await view.events.query({ ...query, order: "descending", limit: PAGE, ...(cursor !== undefined && { cursor }) });
      for (const event of page.events) {
        const read = readCurve(event);
        if (read === undefined) continue;
        const other = byName.get(read.curve);
        const newer = other === undefined || read.known > other.known ? read : other;
        byName.set(read.curve, other === undefined ? newer : { ...newer, isCorrected: true });
      }
      cursor = page.next;
    } while (cursor !== undefined && byName.size < most);
    return [...byName.values()].slice(0, most).toSorted((a, b) => b.at - a.at);
  }

  async #subjectOf(view: PlantView, station: string): Promise<RecordId | undefined> {
    return (await this.#stations(view)).find(({ id }) => id === station)?.subject;
  }

  /** Stations whose shells may be read. */
  async #stations(view: PlantView): Promise<readonly { readonly id: string; readonly subject: RecordId }[]> {
    const reader = view.documents.reader(LIVE);
    const { lines } = await this.#options.lines();
    return lines
      .flatMap(({ stations }) => stations)
      .flatMap(({ id, shell }) => {
        const [found] = reader.query({ kind: "shell", index: { name: "aasId", value: shell }, limit: 1 });
        return found === undefined ? [] : [{ id, subject: found.id }];
      });
  }
}

function readCurve({ payload, at, known }: EventRecord): Read | undefined {
  const { success, data } = KeptCurve.safeParse(payload);
  return success ? { ...data, at, known, isCorrected: false } : undefined;
}

function columnsOf(curve: KeptCurve, channel: string): { readonly x: number[]; readonly y: number[] } {
  const found = curve.channels.find(({ name }) => name === channel);
  return found === undefined ? { x: [], y: [] } : pointsOf(Buffer.from(found.points, "base64"));
}

function headOf({ curve, at, known, serial, attempt, verdict, isCorrected }: Read) {
  return {
    curve,
    at,
    known,
    ...(serial !== undefined && { serial }),
    ...(attempt !== undefined && { attempt }),
    ...(verdict !== undefined && { verdict }),
    judged: verdictOf(verdict),
    ...(isCorrected && { isCorrected: true as const }),
  };
}
