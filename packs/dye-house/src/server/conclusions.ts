import type { PackSample, PackView } from "@doppelwerk/kit/server";
import type { Concluded } from "../model/batch.ts";

const PAGE = 10_000;

/** What a fold concluded as JSON in texts of a signal. */
export async function concluded<Item>(view: PackView, signal: string, from: number, to: number): Promise<readonly Concluded<Item>[]> {
  const samples = await allSamples(view, signal, from, to);
  return samples.flatMap(({ time, text }) => {
    if (text === undefined || !text.startsWith("{")) return [];
    // what was derived again is written at the same instant, with its revision behind it
    const end = text.lastIndexOf("}") + 1;
    return [{ at: time, item: JSON.parse(text.slice(0, end)) as Item }];
  });
}

/** Samples of a period, however many there are. */
export async function allSamples(view: PackView, signal: string, from: number, to: number): Promise<readonly PackSample[]> {
  const all: PackSample[] = [];
  for (let next = from; next < to;) {
    const page = await view.samples(signal, next, to, PAGE);
    all.push(...page);
    if (page.length < PAGE) break;
    next = page.at(-1)!.time + 1;
  }
  return newestOfInstants(all);
}

function newestOfInstants(samples: readonly PackSample[]): readonly PackSample[] {
  return samples.filter(({ time }, at) => samples[at + 1]?.time !== time);
}
