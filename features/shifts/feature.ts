import { feature } from "@doppelwerk/kit";
import { shiftFigures, shiftFold } from "@doppelwerk/ports";
import { list } from "./contract.ts";
import type {} from "./message-codes.ts";

export const shifts = feature({
  id: "shifts",
  perWorld: true,
  needs: { ports: [shiftFold], may: [] },
  offers: { ports: [shiftFigures], slots: [] },
  contract: [list],
  topics: [],
  kinds: [],
  folds: [],
  jobs: [],
  server: "./server/open.ts",
  words: "./words",
});
