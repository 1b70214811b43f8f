import { message, textsOf } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { CollectedFact, CoverageSource } from "@doppelwerk/ports";
import type { Principal } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { mediumMeters } from "./meters.ts";
import { tariffsOf } from "./tariffs.ts";

const titleOf = (key: string) => textsOf(message(`energy.fact.${key}` as "energy.fact.tariffs"));

/** Meters of media other than electricity, and tariffs: what coverage says of energy beside signals. */
export function coverageOfEnergy(viewOf: (principal: Principal) => PlantView): CoverageSource {
  return {
    feature: "energy",
    async facts(principal, branch) {
      const view = viewOf(principal);
      const media = mediumMeters(view, branch).filter(({ medium }) => medium !== "electricity").length;
      return [
        { id: "media", count: media },
        { id: "tariffs", count: tariffsOf(view, branch).length },
      ].map(({ id, count }): CollectedFact => ({ aspect: "energy", id, title: titleOf(id), count }));
    },
  };
}
