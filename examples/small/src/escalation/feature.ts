import { feature, z } from "@doppelwerk/kit";
import { alarmFold } from "@doppelwerk/ports";
import { list, raised } from "./contract.ts";

// #region feature
export const escalation = feature({
  id: "escalation",
  perWorld: true,
  needs: { ports: [alarmFold], may: [] },
  offers: { ports: [], slots: [] },
  contract: [list],
  topics: [raised],
  kinds: [],
  settings: { version: 1, schema: z.object({ afterS: z.number().positive().default(300) }), upcast: {} },
  folds: [],
  jobs: [],
  server: "./server/open.ts",
  words: "./words",
});
// #endregion
