import { feature } from "@doppelwerk/kit";
import type { FeatureContext } from "@doppelwerk/kit/server";
import type { ListedFeature } from "../features/resolve.ts";

/** A feature of the product by which a test reaches what a feature is given in a world: `plant` throws while it is not open. */
export function probe(): { readonly listed: ListedFeature; readonly plant: () => FeatureContext } {
  let opened: FeatureContext | undefined;
  return {
    listed: {
      feature: feature({
        id: "probe",
        perWorld: true,
        needs: { ports: [], may: [] },
        offers: { ports: [], slots: [] },
        contract: [],
        topics: [],
        kinds: [],
        folds: [],
        jobs: [],
        server: "./none.ts",
        words: "./words",
      }),
      folder: new URL("./", import.meta.url),
      open: async (ctx) => {
        opened = ctx;
        return { handlers: {}, ports: {}, close: async () => {} };
      },
    },
    plant() {
      if (opened === undefined) throw new Error("the probe is not open");
      return opened;
    },
  };
}
