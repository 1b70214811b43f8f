import { counterStep, quality, type Instant, type SampleColumns, type SignalRecord } from "@doppelwerk/world";
import type { RawSignal } from "../contract.ts";

const MAX_FALLS = 100;
const MAX_TEXTS = 200;

type Counted = Pick<RawSignal, "samples" | "bad" | "first" | "last" | "counted" | "falls" | "texts" | "textCount">;

/**
 * What stands in the samples of a signal from `from` on, and for a counter what it counted. `before` is the last reading before the span. A counter that fell
 * rolled over where it is a totaliser of a known width near its end (P10); otherwise it was reset and counts from zero.
 */
export function rawReadings(
  columns: SampleColumns,
  {
    from,
    before,
    beforeText,
    counter,
    isHeld,
  }: {
    readonly from: Instant;
    readonly before?: { readonly at: Instant; readonly value: number } | undefined;
    readonly beforeText?: { readonly at: Instant; readonly text: string } | undefined;
    readonly counter?: SignalRecord["counter"] | undefined;
    /** Texts hold until the next one: changes of them are told. */
    readonly isHeld?: boolean | undefined;
  },
): Counted {
  const falls: NonNullable<RawSignal["falls"]> = [];
  let [bad, counted] = [0, 0];
  const texts = beforeText === undefined ? [] : [beforeText];
  let textCount = texts.length;
  let [first, last] = [before, before];
  for (let row = 0; row < columns.times.length; row++) {
    const [at, value] = [columns.times[row]!, columns.values[row]!];
    if (columns.qualities[row] === quality.bad) bad += 1;
    const text = isHeld === true ? columns.texts.get(row) : undefined;
    if (text !== undefined && columns.qualities[row] !== quality.bad && at >= from && text !== texts.at(-1)?.text) {
      textCount += 1;
      if (texts.length < MAX_TEXTS) texts.push({ at, text });
    }
    if (columns.qualities[row] === quality.bad || Number.isNaN(value) || at < from) continue;
    if (counter !== undefined && last !== undefined && value !== last.value) {
      if (value < last.value && falls.length < MAX_FALLS) falls.push({ at, before: last.value, after: value });
      counted += counterStep(last.value, value, counter).delta;
    }
    last = { at, value };
    first ??= last;
  }
  return {
    samples: columns.times.length,
    bad,
    ...(first && { first }),
    ...(last && { last }),
    ...(counter && { counted, falls }),
    ...(texts.length > 0 && { texts, textCount }),
  };
}
