import type { Translate } from "@doppelwerk/kit/studio";
import type { Stop } from "../contract.ts";
import type {} from "../message-codes.ts";

/** `Failed`, `Starved: material`: what the machine said, or what is concluded of it. */
export function stateText({ state, cause }: Pick<Stop, "state" | "cause">, t: Translate): string {
  const word = t.or(`machineState.${state}`, state);
  return cause === "unknown" || cause === "internal"
    ? word
    : t("losses.stateOf", { state: word, cause: t.or(`losses.cause.${cause}`, cause) });
}

export function stopKey({ station, from, part = 0 }: Stop): string {
  return `${station} ${from} ${part}`;
}

/** The reasons of a station by how often they were given there, those of the group that its last stops had first among equals. */
export function usualReasons(stops: readonly Stop[], station: string, offered: readonly string[], count: number): readonly string[] {
  const times = new Map<string, number>();
  for (const { station: own, reason } of stops)
    if (reason !== undefined) times.set(reason, (times.get(reason) ?? 0) + (own === station ? 1_000 : 1));
  return offered
    .map((code, at) => ({ code, at, times: times.get(code) ?? 0 }))
    .toSorted((a, b) => b.times - a.times || a.at - b.at)
    .slice(0, count)
    .map(({ code }) => code);
}
