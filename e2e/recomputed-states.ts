// Seconds of a station by state, from its raw words and bits: by ISO 22400-2, OPC 40001-1 and the words of its engineering file. It shares no code with the product.

import { SECOND, type RawSamples, type RawStation } from "./raw-record.ts";

/** Words and bits of one change arrive one after the other: what lasts shorter is part of it. */
const SETTLE = SECOND / 4;
/** A stop is a micro-stop below five minutes. */
const MICRO_STOP = 300 * SECOND;

export const STATE_ROLES = ["VendorState", "ItemState", "OperationMode", "Blocked", "Starved"] as const;

type Raw = { -readonly [Role in (typeof STATE_ROLES)[number]]?: string };

interface Reading {
  readonly state: string;
  /** Another of it is another span, of the same state or not. */
  readonly key: string;
}

export interface StateSpan {
  readonly state: string;
  readonly from: number;
  readonly to: number;
}

/** Seconds by state within planned time. */
export function secondsByState(spans: readonly StateSpan[]): Readonly<Record<string, number>> {
  const seconds: Record<string, number> = {};
  for (const { state, from, to } of spans) seconds[state] = (seconds[state] ?? 0) + (to - from) / SECOND;
  return seconds;
}

/** Spans of states within planned time. Samples begin before it, and end an hour after it, so that the stop that runs at its end is seen whole. */
export function plannedSpansOf(
  station: RawStation,
  samples: RawSamples,
  planned: readonly (readonly [number, number])[],
): readonly StateSpan[] {
  const until = planned.at(-1)![1] + 3_600 * SECOND;
  const boundaries = planned.flat();
  return withStops(toldSpans(station, samples, boundaries, until), boundaries).flatMap(({ state, from, to }) =>
    planned.flatMap(([begin, end]) => {
      const [first, last] = [Math.max(begin, from), Math.min(end, to)];
      return last > first ? [{ state, from: first, to: last }] : [];
    }),
  );
}

/** What the station said, span by span. No change spans the beginning or end of planned time: what began before it settles there, however short it was. */
function toldSpans(station: RawStation, samples: RawSamples, boundaries: readonly number[], until: number): readonly StateSpan[] {
  const changes = STATE_ROLES.flatMap((role) => {
    const signal = station.signals[role];
    return (signal === undefined ? [] : (samples.get(signal.id) ?? [])).map((sample) => ({ role, ...sample }));
  }).toSorted((a, b) => a.at - b.at);
  const spans: StateSpan[] = [];
  const raw: Raw = {};
  let held: (Reading & { readonly from: number }) | undefined;
  let next: typeof held;
  const ahead = [...boundaries];
  const settle = (at: number): void => {
    while (ahead.length > 0 && ahead[0]! <= at) settleBy(ahead.shift()!, 0);
    settleBy(at, SETTLE);
  };
  const settleBy = (at: number, settled: number): void => {
    if (next === undefined || next.from + settled > at || next.from === at) return;
    spans.push({ state: held!.state, from: held!.from, to: next.from });
    held = next;
    next = undefined;
  };
  for (const [at, together] of Map.groupBy(changes, (change) => change.at)) {
    settle(at);
    for (const { role, value, text, isGood } of together) {
      if (isGood) raw[role] = text === "" ? String(value) : text;
      else delete raw[role];
    }
    const told = readingOf(station, raw);
    if (held === undefined) held = { ...told, from: at };
    else if (told.key === held.key) next = undefined;
    else next = { ...told, from: next?.from ?? at };
  }
  settle(until);
  if (held !== undefined) spans.push({ state: held.state, from: held.from, to: until });
  return spans;
}

/** The word of the maker is stronger than what the standard says; bits say why it waits. */
function readingOf({ mapping }: RawStation, { VendorState, ItemState, OperationMode, Blocked, Starved }: Raw): Reading {
  const word = VendorState === undefined ? undefined : mapping.words[VendorState];
  const key = (state: string): Reading => ({ state, key: [state, word?.cause, VendorState, OperationMode].join("|") });
  if (VendorState === undefined && ItemState === undefined) return key("unknown");
  if (word !== undefined && word.state !== "idle") return key(word.state);
  if (OperationMode === "1") return key("maintenance");
  if (OperationMode === "2") return key("setUp");
  const isSet = (bit: string | undefined): boolean => bit === "1" || bit === "true";
  const waits = mapping.blockedBit && isSet(Blocked) ? "blocked" : mapping.starvedBit && isSet(Starved) ? "starved" : undefined;
  if (word === undefined && ItemState === "1") return key("failed");
  if (word === undefined && ItemState === "0") return key("off");
  if (word === undefined && ItemState === "3") return key(waits ?? "working");
  return key(waits ?? word?.state ?? "unknown");
}

/** A stop is one by its whole length; what of it ends with a break or the shift, by its length until then, and below five minutes as it was told. */
function withStops(told: readonly StateSpan[], boundaries: readonly number[]): readonly StateSpan[] {
  const spans: StateSpan[] = [];
  for (let first = 0; first < told.length;) {
    let last = first;
    if (isStop(told[first]!)) while (last + 1 < told.length && goesOn(told[last + 1]!)) last++;
    for (const piece of told.slice(first, last + 1)) spans.push(...classified(piece, told[first]!.from, told[last]!.to, boundaries));
    first = last + 1;
  }
  return spans;
}

function classified(piece: StateSpan, began: number, ended: number, boundaries: readonly number[]): readonly StateSpan[] {
  if (!isStop(piece)) return [piece];
  const cuts = [...boundaries.filter((at) => at > piece.from && at <= piece.to), piece.to];
  return cuts.flatMap((to, index) => {
    const from = index === 0 ? piece.from : cuts[index - 1]!;
    if (to <= from) return [];
    const isCut = boundaries.includes(to);
    const isLong = (isCut ? to : ended) - began >= MICRO_STOP;
    return [{ state: isLong ? "failed" : isCut ? piece.state : "microStop", from, to }];
  });
}

const isStop = ({ state }: StateSpan): boolean => state === "failed" || state === "microStop";
const goesOn = (span: StateSpan): boolean => isStop(span) || span.state === "maintenance";
