import { feature } from "@doppelwerk/kit";
import { shiftFigures } from "@doppelwerk/ports";
import { ofPeriod } from "./contract.ts";

export const kpis = feature({
  id: "kpis",
  perWorld: true,
  needs: { ports: [shiftFigures], may: [] },
  offers: { ports: [], slots: [] },
  contract: [ofPeriod],
  topics: [],
  kinds: [],
  folds: [],
  jobs: [],
  server: "./server/open.ts",
  words: "./words",
});
