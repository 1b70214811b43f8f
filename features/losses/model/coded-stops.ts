import type { Instant, RecordId } from "@doppelwerk/world";
import type { CodedPart } from "./coding-kind.ts";
import type { RecordedSpan, RecordedStop } from "./recorded-stops.ts";

/** What people say of stops, as far as it decides what these are. */
export interface Coding {
  readonly id: RecordId;
  readonly from: Instant;
  readonly to: Instant;
  readonly parts: readonly CodedPart[];
}

/** A stop as it stands: recorded, or a part of one that was split, or several that were joined. */
export interface CodedStop {
  /** Of its coding; undefined where nobody said anything of it. */
  readonly coding: RecordId | undefined;
  /** Which part of its coding. */
  readonly part: number;
  readonly parts: number;
  /** How many recorded stops it covers, whole or in part. */
  readonly recorded: number;
  readonly from: Instant;
  readonly to: Instant;
  /** Stopped in planned time. */
  readonly seconds: number;
  readonly state: string;
  readonly cause: string;
  readonly reason: string | undefined;
  readonly spans: readonly RecordedSpan[];
}

export interface CodedStops {
  /** In order of time. Together they have every recorded second, each once. */
  readonly stops: readonly CodedStop[];
  /** Of no recorded stop: what was recorded has changed since. */
  readonly gone: readonly Coding[];
}

/**
 * Recorded stops with what people say of them. The ends of a coding follow the stops that it meets, so that a stop that was revised stays coded: it begins
 * with the first and ends with the last of them. Its cuts stay where they were made. Where two codings meet one stop, each has it up to the next.
 */
export function codedStops(recorded: readonly RecordedStop[], codings: readonly Coding[]): CodedStops {
  const sorted = codings.toSorted((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1));
  const owners = recorded.map((stop) => sorted.filter(({ from, to }) => from < stop.to && to > stop.from));
  const stops: CodedStop[] = [];
  const gone: Coding[] = [];
  for (const [at, stop] of recorded.entries()) if (owners[at]!.length === 0) stops.push(uncoded(stop));
  for (const coding of sorted) {
    const own = recorded.flatMap((stop, at) => {
      const owning = owners[at]!;
      const index = owning.indexOf(coding);
      if (index < 0) return [];
      const from = index === 0 ? stop.from : coding.from;
      return clipped(stop, from, owning[index + 1]?.from ?? stop.to);
    });
    const parts = own.length === 0 ? [] : partsOf(coding, own);
    if (parts.length === 0) gone.push(coding);
    stops.push(...parts);
  }
  return { stops: stops.toSorted((a, b) => a.from - b.from), gone };
}

function uncoded({ from, to, state, cause, spans }: RecordedStop): CodedStop {
  return { coding: undefined, part: 0, parts: 1, recorded: 1, from, to, seconds: secondsOf(spans), state, cause, reason: undefined, spans };
}

function partsOf(coding: Coding, own: readonly RecordedStop[]): readonly CodedStop[] {
  const end = own.at(-1)!.to;
  return coding.parts.flatMap((part, index): CodedStop[] => {
    const from = index === 0 ? own[0]!.from : part.from;
    const to = coding.parts[index + 1]?.from ?? end;
    const pieces = own.flatMap((stop) => clipped(stop, from, to));
    const longest = pieces.toSorted((a, b) => secondsOf(b.spans) - secondsOf(a.spans))[0];
    if (longest === undefined) return [];
    const spans = pieces.flatMap((piece) => piece.spans);
    const { state, cause } = longest;
    return [
      {
        coding: coding.id,
        part: index,
        parts: coding.parts.length,
        recorded: pieces.length,
        from: pieces[0]!.from,
        to: pieces.at(-1)!.to,
        seconds: secondsOf(spans),
        state,
        cause,
        reason: part.reason,
        spans,
      },
    ];
  });
}

function clipped(stop: RecordedStop, from: Instant, to: Instant): readonly RecordedStop[] {
  const spans = stop.spans.flatMap((span) => {
    const [begin, end] = [Math.max(span.from, from), Math.min(span.to, to)];
    return begin < end ? [{ ...span, from: begin, to: end }] : [];
  });
  return spans.length === 0 ? [] : [{ ...stop, from: spans[0]!.from, to: spans.at(-1)!.to, spans }];
}

const secondsOf = (spans: readonly RecordedSpan[]): number => spans.reduce((sum, { from, to }) => sum + (to - from) / 1e6, 0);
