import type { PlantView } from "@doppelwerk/kit/server";
import { stateSignalId, type LineDefinition } from "@doppelwerk/operations";
import type { LineExecutions, StationStates } from "@doppelwerk/ports";
import { DAY, LIVE, quality, type Instant } from "@doppelwerk/world";
import { NO_LABEL, type LabelledSpan } from "../model/timeline.ts";

interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

/** Labels by the words that they are given in. */
export class Labels {
  readonly words: string[] = [];
  readonly #known = new Map<string, number>();

  of(word: string): number {
    const known = this.#known.get(word) ?? this.words.length;
    if (known === this.words.length) {
      this.words.push(word);
      this.#known.set(word, known);
    }
    return known;
  }
}

/** States of a station in a span, labelled by their words; none where they may not be read. */
export async function stateSpans(
  view: PlantView,
  states: StationStates | undefined,
  station: string,
  { from, to }: Span,
  labels: Labels,
): Promise<readonly LabelledSpan[]> {
  if (states === undefined || !view.mayReadSignal(stateSignalId(station))) return [];
  const concluded = await states.concluded(station, from, to);
  return concluded.flatMap(({ from: begin, state }, index) => {
    const end = Math.min(to, concluded[index + 1]?.from ?? to);
    return begin < end ? [{ from: Math.max(begin, from), to: end, label: labels.of(state) }] : [];
  });
}

/** Products on a station in a span; undefined where it does not say, or it may not be read. */
export async function productSpans(
  view: PlantView,
  definition: LineDefinition["stations"][number] | undefined,
  { from, to }: Span,
  labels: Labels,
): Promise<readonly LabelledSpan[] | undefined> {
  const signal = definition?.signals.Product?.id;
  if (signal === undefined || !view.mayReadSignal(signal)) return undefined;
  const key = { branch: LIVE, signal };
  const [before] = await view.history.at([key], from);
  const changes: { readonly at: Instant; readonly label: number }[] = [];
  const labelOf = (text: string | undefined, value: number, isBad: boolean): number => {
    const word = text ?? (Number.isFinite(value) ? String(value) : "");
    return isBad || word === "" ? NO_LABEL : labels.of(word);
  };
  if (before !== undefined) changes.push({ at: from, label: labelOf(before.text, before.value, before.quality === quality.bad) });
  for (let begin = from; begin < to; begin += DAY) {
    const { times, values, texts, qualities } = await view.history.raw(key, begin, Math.min(begin + DAY, to));
    for (let row = 0; row < times.length; row++) {
      const label = labelOf(texts.get(row), values[row]!, qualities[row] === quality.bad);
      if (changes.at(-1)?.label !== label) changes.push({ at: times[row]!, label });
    }
  }
  return changes.flatMap(({ at, label }, index) => {
    const end = changes[index + 1]?.at ?? to;
    return label === NO_LABEL || at >= end ? [] : [{ from: at, to: end, label }];
  });
}

/**
 * When a station worked on which order, as far as that is known: while its line worked on the order and the station had its product. Of two orders of one
 * product that overlap the one that began first has the time. Labels are indices of `executions.orders`.
 */
export function orderSpans(
  { orders }: LineExecutions,
  products: readonly LabelledSpan[] | undefined,
  words: readonly string[],
): readonly LabelledSpan[] {
  const spans = orders.flatMap(({ from, to, product }, label): readonly LabelledSpan[] => {
    if (products === undefined) return [{ from, to, label }];
    return products
      .filter((each) => words[each.label] === product && each.from < to && each.to > from)
      .map((each) => ({ from: Math.max(from, each.from), to: Math.min(to, each.to), label }));
  });
  return spans.toSorted((a, b) => a.from - b.from || orders[a.label]!.from - orders[b.label]!.from || a.label - b.label);
}
