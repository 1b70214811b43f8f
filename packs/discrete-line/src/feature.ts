import { feature, lineSources } from "@doppelwerk/kit";

export const discreteLineFeature = feature({
  id: "discrete-line",
  perWorld: true,
  needs: { ports: [], may: [], slots: [lineSources] },
  offers: { ports: [], slots: [] },
  contributes: [{ slot: lineSources, module: "./src/line-source.ts" }],
  contract: [],
  topics: [],
  kinds: [],
  folds: [],
  jobs: [],
  words: "./words",
});
