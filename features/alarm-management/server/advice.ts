import { message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { AlarmRecord, RunningRule } from "@doppelwerk/ports";
import { LIVE, type Instant } from "@doppelwerk/world";
import type { Advice } from "../contract.ts";
import type {} from "../message-codes.ts";
import { bestOf, candidatesOf, type Candidate } from "../model/advice.ts";

interface Asked {
  readonly from: Instant;
  readonly to: Instant;
  readonly rules: readonly string[];
}

/** Judges each of these rules again as it is and as it might be, all over one reading of the record. */
export async function adviceOn(
  record: AlarmRecord,
  view: PlantView,
  { from, to, rules }: Asked,
  signal: { readonly aborted: boolean },
): Promise<Advice[]> {
  const running = new Map((await record.rules(view.principal, LIVE)).map((each) => [each.rule.id, each]));
  const asked = rules.flatMap((id) => {
    const own = running.get(id);
    return own === undefined ? [] : [{ own, candidates: candidatesOf(own.rule, rangeOf(view, own)) }];
  });
  const all = asked.flatMap(({ own, candidates }) => [own.rule, ...candidates.map(({ rule }) => rule)]);
  const counts = await record.counted(view.principal, all, from, to, signal);
  let at = 0;
  return asked.map(({ own, candidates }) => {
    const now = counts[at++]!;
    const left = candidates.map((candidate) => ({ candidate, left: counts[at++]! }));
    return shown(view, own, now, left);
  });
}

function shown(
  view: PlantView,
  own: RunningRule,
  now: number,
  tried: readonly { readonly candidate: Candidate; readonly left: number }[],
): Advice {
  const unit = signalOf(view, own)?.unit;
  const best = bestOf(tried, now);
  return {
    rule: own.rule.id,
    title: own.rule.title,
    now,
    tried: tried.map(({ candidate: { change }, left }) => ({
      ...change,
      ...(change.kind === "deadband" && unit !== undefined && { unit }),
      left,
    })),
    ...(best !== undefined && { best: tried.indexOf(best) }),
    ...(now === 0 && { fault: message("alarmManagement.notRaisedAgain") }),
  };
}

function signalOf(view: PlantView, { rule: { condition } }: RunningRule) {
  const { signal } = condition as { readonly signal?: unknown };
  return typeof signal === "string" ? view.signal(signal) : undefined;
}

function rangeOf(view: PlantView, own: RunningRule): { readonly low?: number; readonly high?: number } {
  const { low, high } = signalOf(view, own) ?? {};
  return { ...(low !== undefined && { low }), ...(high !== undefined && { high }) };
}
