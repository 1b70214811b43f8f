import { message, type Message } from "@doppelwerk/messages";
import type { Precedence } from "./offered.ts";
import { tokensOf } from "./vocabulary.ts";
import { grouped } from "./grouped.ts";

export interface FlowStation {
  readonly idShort: string;
  readonly name: string;
}

export interface FoundFlow {
  readonly from: string;
  readonly to: string;
  readonly reason: Message;
  readonly confidence: number;
}

export interface FoundOrder {
  /** idShorts in the order of the line. */
  readonly order: readonly string[];
  readonly flows: readonly FoundFlow[];
  /** True when only names speak for the order. */
  readonly byName: boolean;
}

/** The order of one line: as answered, else from what followed what in a log, else from numbers that rise within one word. */
export function findFlow(
  stations: readonly FlowStation[],
  precedence: readonly Precedence[] | undefined,
  answer: readonly string[] | undefined,
): FoundOrder {
  if (answer !== undefined) return chain([answer], message("operations.proposal.orderAnswered"), 0.99, false);
  if (precedence !== undefined && precedence.length > 0) return fromPrecedence(stations, precedence);
  const groups = [...grouped(stations, ({ name }) => stemOf(name))]
    .map(([stem, members]) => ({
      stem,
      members: members.toSorted((a, b) => numberOf(a.name) - numberOf(b.name) || (a.name < b.name ? -1 : 1)),
    }))
    // a sub-assembly is shorter than the line it feeds
    .toSorted((a, b) => a.members.length - b.members.length || (a.stem < b.stem ? -1 : 1));
  // one alone of its word has no place that its name tells
  const isChain = ({ stem, members }: (typeof groups)[number]) => stem !== "" && members.length > 1;
  const ids = ({ members }: (typeof groups)[number]) => members.map(({ idShort }) => idShort);
  const chains = groups.filter(isChain).map(ids);
  const loose = groups.filter((group) => !isChain(group)).flatMap(ids);
  const found = chain(chains, message("operations.proposal.numbersRise"), 0.7, true);
  return { ...found, order: [...found.order, ...loose] };
}

function chain(chains: readonly (readonly string[])[], reason: Message, confidence: number, byName: boolean): FoundOrder {
  const flows = chains.flatMap((list) => list.slice(1).map((to, i): FoundFlow => ({ from: list[i]!, to, reason, confidence })));
  return { order: chains.flat(), flows, byName: byName && flows.length > 0 };
}

function stemOf(name: string): string {
  const [first, second] = tokensOf(name);
  return first !== undefined && second !== undefined && /^\d+$/.test(second.text) ? first.text : "";
}

function numberOf(name: string): number {
  return Number(tokensOf(name).find(({ text }) => /^\d+$/.test(text))?.text ?? 0);
}

/** A step is asserted where at least this share of what leaves goes there. */
const LEAST_SHARE = 0.2;
const LEAST_COUNT = 3;

function fromPrecedence(stations: readonly FlowStation[], precedence: readonly Precedence[]): FoundOrder {
  const idOf = new Map(
    stations.flatMap(({ idShort, name }) => [[plainName(name), idShort] as const, [plainName(idShort), idShort] as const]),
  );
  const counts = new Map<string, Map<string, number>>();
  const back = (from: string, to: string) => counts.get(to)?.get(from) ?? 0;
  for (const step of precedence) {
    const [from, to] = [idOf.get(plainName(step.from)), idOf.get(plainName(step.to))];
    if (from === undefined || to === undefined || from === to) continue;
    const row = counts.get(from) ?? new Map<string, number>();
    counts.set(from, row.set(to, (row.get(to) ?? 0) + step.count));
  }
  const flows: FoundFlow[] = [];
  for (const [from, row] of [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const all = [...row.values()].reduce((sum, count) => sum + count, 0);
    for (const [to, count] of [...row].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      const share = count / all;
      // what comes back as often as it goes is no direction
      if (share < LEAST_SHARE || count < LEAST_COUNT || back(from, to) >= count) continue;
      const percent = Math.round(share * 100);
      flows.push({
        from,
        to,
        reason: message("operations.proposal.casesFollowed", { count, all, percent }),
        confidence: Math.min(0.97, 0.6 + 0.35 * share + 0.05 * (1 - back(from, to) / count)),
      });
    }
  }
  return { order: ordered(stations, flows), flows, byName: false };
}

/** A name as far as a log and a plant write it alike. */
export const plainName = (name: string) => name.toLowerCase().replace(/[^\p{L}\d]+/gu, "");

/** Topological where it can be; a cycle is cut at the station with the fewest steps into it. */
function ordered(stations: readonly FlowStation[], flows: readonly FoundFlow[]): readonly string[] {
  const left = new Set(stations.map(({ idShort }) => idShort).toSorted());
  const order: string[] = [];
  while (left.size > 0) {
    const into = (id: string) => flows.filter(({ from, to }) => to === id && left.has(from)).length;
    const next = [...left].reduce((best, id) => (into(id) < into(best) ? id : best));
    left.delete(next);
    order.push(next);
  }
  return order;
}
