import type { PlantView } from "@doppelwerk/kit/server";
import type { HelpCall, HelpCalls, HelpReason } from "@doppelwerk/ports";
import type { Principal } from "@doppelwerk/world";
import type { Andon } from "../contract.ts";
import type { AndonCalls } from "./calls.ts";

/** Calls for help, for the terminal at a station. */
export function helpCallsOf(calls: AndonCalls, viewOf: (principal: Principal) => PlantView, acted: (andon: Andon) => Andon): HelpCalls {
  return {
    async open(principal, station) {
      const held = calls
        .held(viewOf(principal))
        .filter((call) => call.station === station && call.closedAt === undefined && call.reason !== "kpi");
      return (await Promise.all(held.toReversed().map((call) => calls.shown(call)))).map(helpCall);
    },
    call: async (principal, { at, ...request }) => helpCall(acted(await calls.call(viewOf(principal), principal.id, request, at))),
  };
}

function helpCall({ id, station, reason, text, raisedAt, owner, takenAt, step }: Andon): HelpCall {
  return {
    id,
    station,
    reason: reason as HelpReason,
    ...(text !== undefined && { text }),
    raisedAt,
    ...(owner !== undefined && { owner: owner.name }),
    ...(takenAt !== undefined && { takenAt }),
    step,
  };
}
