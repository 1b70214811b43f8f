import { fault, message, z } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";

/** Points of all channels of one curve: an event holds no more. */
export const MAX_CURVE_POINTS = 4_000;
const MAX_CHANNELS = 32;

const name = z.string().trim().min(1).max(200);
export const CurveName = name;
const point = z.tuple([z.number(), z.number()]);
const Channel = z.looseObject({ points: z.array(point).min(2).max(MAX_CURVE_POINTS) });

/**
 * A curve as a bench posts it: when, at which station, of which serial, with what verdict, what its two numbers are, and one list of channels, by whatever
 * name the bench gives that list. Everything else is not kept.
 */
export const PostedCurve = z
  .looseObject({
    time: z.iso.datetime({ offset: true, local: false }),
    station: name,
    serial: z.string().trim().max(200).optional(),
    attempt: z.int().min(0).max(1_000).optional(),
    verdict: z.string().trim().max(50).optional(),
    /** Names and units of the two numbers of a point, in their order: `{ "angle": "deg", "torque": "N.m" }`. */
    units: z
      .record(z.string().max(100), z.string().max(50))
      .refine((units) => Object.keys(units).length === 2, fault(message("trends.fault.units"))),
  })
  .refine((posted) => channelsIn(posted) !== undefined, fault(message("trends.fault.channels", { max: MAX_CHANNELS })))
  .refine(
    (posted) => (channelsIn(posted) ?? []).reduce((sum, { points }) => sum + points.length, 0) <= MAX_CURVE_POINTS,
    fault(message("trends.fault.curvePoints", { max: MAX_CURVE_POINTS })),
  );
export type PostedCurve = z.output<typeof PostedCurve>;

interface PostedChannel {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
}

/** The one list whose entries have points; undefined where there is none, or two. */
function channelsIn(posted: Readonly<Record<string, unknown>>): readonly PostedChannel[] | undefined {
  const lists = Object.values(posted).filter((value) => Array.isArray(value) && value.length > 0 && isWithPoints(value[0]));
  const [list, ...more] = lists as (readonly unknown[])[];
  if (list === undefined || more.length > 0 || list.length > MAX_CHANNELS) return undefined;
  const channels = list.map((each) => Channel.safeParse(each));
  if (channels.some(({ success }) => !success)) return undefined;
  return channels.map(({ data }, at) => ({ name: nameOf(data!, at), points: data!.points }));
}

function isWithPoints(value: unknown): boolean {
  return typeof value === "object" && value !== null && Array.isArray((value as { readonly points?: unknown }).points);
}

/** What the bench calls a channel, in whichever of its short words; else its number. */
function nameOf(channel: Readonly<Record<string, unknown>>, at: number): string {
  const named = ["name", "channel", "screw", "spindle"]
    .map((key) => channel[key])
    .find((value) => typeof value === "string" || typeof value === "number");
  return named === undefined ? String(at + 1) : String(named).slice(0, 100);
}

export type Verdict = "good" | "bad" | "unknown";

const GOOD = /^(?:ok|io|i\.o\.|good|pass|passed|accept|accepted|true|1)$/i;
const BAD = /^(?:nok|nio|n\.i\.o\.|ng|bad|fail|failed|reject|rejected|false|0)$/i;

/** What the word of a bench means; one that is not known is unknown, and is not among the good ones. */
export function verdictOf(word: string | undefined): Verdict {
  if (word !== undefined && GOOD.test(word)) return "good";
  return word !== undefined && BAD.test(word) ? "bad" : "unknown";
}

/** As it is kept in an event: points as little-endian 32-bit floats, x and y in turn, in base64. */
export const KeptCurve = z.object({
  curve: name,
  station: name,
  serial: z.string().optional(),
  attempt: z.int().optional(),
  verdict: z.string().optional(),
  axes: z.tuple([z.object({ name: z.string(), unit: z.string() }), z.object({ name: z.string(), unit: z.string() })]),
  channels: z.array(z.object({ name: z.string(), points: z.string() })),
});
export type KeptCurve = z.output<typeof KeptCurve>;

export function keptCurve(curve: string, posted: PostedCurve, encode: (bytes: Uint8Array) => string): KeptCurve {
  const { station, serial, attempt, verdict, units } = posted;
  const [x, y] = Object.entries(units) as [[string, string], [string, string]];
  return {
    curve,
    station,
    ...(serial !== undefined && serial !== "" && { serial }),
    ...(attempt !== undefined && { attempt }),
    ...(verdict !== undefined && verdict !== "" && { verdict }),
    axes: [
      { name: x[0], unit: x[1] },
      { name: y[0], unit: y[1] },
    ],
    channels: channelsIn(posted)!.map((channel) => ({ name: channel.name, points: encode(octetsOf(channel.points)) })),
  };
}

function octetsOf(points: readonly (readonly [number, number])[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(points.length * 8));
  for (const [at, [x, y]] of points.entries()) {
    view.setFloat32(at * 8, x, true);
    view.setFloat32(at * 8 + 4, y, true);
  }
  return new Uint8Array(view.buffer);
}

/** Columns of x and y. */
export function pointsOf(octets: Uint8Array): { readonly x: number[]; readonly y: number[] } {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  const count = Math.floor(octets.byteLength / 8);
  const read = (offset: number): number[] =>
    Array.from({ length: count }, (_, at) => Number(view.getFloat32(at * 8 + offset, true).toPrecision(7)));
  return { x: read(0), y: read(4) };
}
