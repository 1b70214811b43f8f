import { MINUTE, type RecordId } from "@doppelwerk/world";
import type { Cause } from "../contract.ts";
import type { Place } from "./place.ts";

/** A line that stops later than this after an alarm of what supplies it has another reason. */
const FOLLOWS_WITHIN = 30 * MINUTE;
/** Clocks of plants differ: a stop may be recorded a little before its reason. */
const CLOCKS = MINUTE;
/** What a line waits in, rather than being broken itself. */
const WAITS: ReadonlySet<string> = new Set(["starved", "blocked", "microStop", "failed"]);
const MAX_CHAIN = 8;

/**
 * Causes across areas: a line that began to wait after an alarm of a utility network or a storage zone stands under that alarm, as what follows it. The
 * documents say nothing of what supplies what, so that this is inferred from the order in time, and marked as such. An alarm of the line's own that is older speaks
 * against it.
 * @param causes each place once
 */
export function chainedCauses(causes: readonly Cause[], places: ReadonlyMap<RecordId, Place>): readonly Cause[] {
  const supplies = causes.filter((cause) => cause.kind === "alarm" && suppliesOthers(places, cause.place));
  const followers = new Map<Cause, Cause[]>();
  const followed = new Set<Cause>();
  for (const cause of causes) {
    const reason = cause.kind === "stopped" ? reasonOf(cause, supplies) : undefined;
    if (reason === undefined) continue;
    followers.set(reason, [...(followers.get(reason) ?? []), cause]);
    followed.add(cause);
  }
  return causes.filter((cause) => !followed.has(cause)).map((cause) => withFollowers(cause, followers.get(cause) ?? []));
}

function suppliesOthers(places: ReadonlyMap<RecordId, Place>, id: RecordId): boolean {
  for (let at = places.get(id); at !== undefined; at = at.parent === undefined ? undefined : places.get(at.parent))
    if (at.kind === "utilityNetwork" || at.kind === "storageZone") return true;
  return false;
}

/** Of several the one that began last before the line stopped. */
function reasonOf({ state, since, chain }: Cause, supplies: readonly Cause[]): Cause | undefined {
  if (since === undefined || !WAITS.has(state ?? "")) return undefined;
  const ownFirst = chain.reduce((least, { at, began = at }) => Math.min(least, began), Number.POSITIVE_INFINITY);
  return supplies
    .filter((supply) => {
      const began = supply.since ?? Number.POSITIVE_INFINITY;
      return began <= since + CLOCKS && since - began <= FOLLOWS_WITHIN && ownFirst + CLOCKS >= began;
    })
    .toSorted((a, b) => b.since! - a.since!)[0];
}

function withFollowers(cause: Cause, followers: readonly Cause[]): Cause {
  if (followers.length === 0) return cause;
  const chain = [cause, ...followers].flatMap((each) => each.chain).toSorted((a, b) => a.at - b.at);
  const units = followers.flatMap(({ unitsLost }) => (unitsLost === undefined ? [] : [unitsLost]));
  return {
    ...cause,
    ...(units.length === followers.length && { unitsLost: sum(units) }),
    chain: chain.slice(0, MAX_CHAIN),
    more: [cause, ...followers].reduce((all, { more }) => all + more, 0) + Math.max(0, chain.length - MAX_CHAIN),
    follows: followers
      .toSorted((a, b) => (a.since ?? 0) - (b.since ?? 0))
      .map(({ row, place, title, state, since, unitsLost, waits }) => ({
        row,
        place,
        title,
        state: state ?? "unknown",
        ...(since !== undefined && { since }),
        ...(unitsLost !== undefined && { unitsLost }),
        ...(waits && { waits }),
      })),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0);
}

/** The number that a cause shows; undefined where it shows none. */
export function shownUnits({ unitsLost }: Pick<Cause, "unitsLost">): number | undefined {
  const units = Math.round(unitsLost ?? 0);
  return units > 0 ? units : undefined;
}

/**
 * By the units lost that are shown, the most first; equals and those without by priority, then the oldest. A priority 1 of which no units are known comes
 * before all: unknown is not little.
 */
export function mostLostFirst(a: Cause, b: Cause): number {
  return (
    rankOf(a) - rankOf(b) ||
    (shownUnits(b) ?? 0) - (shownUnits(a) ?? 0) ||
    (a.priority ?? 5) - (b.priority ?? 5) ||
    (a.since ?? 0) - (b.since ?? 0)
  );
}

function rankOf(cause: Cause): number {
  if (shownUnits(cause) !== undefined) return 1;
  return cause.priority === 1 ? 0 : 2;
}
