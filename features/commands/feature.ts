import { feature } from "@doppelwerk/kit";
import { connections } from "@doppelwerk/ports";
import { confirm, list, request, requestCall, targets, withdraw } from "./contract.ts";

export const commands = feature({
  id: "commands",
  perWorld: true,
  needs: { ports: [connections], may: [] },
  offers: { ports: [], slots: [] },
  contract: [list, targets, request, requestCall, confirm, withdraw],
  topics: [],
  kinds: [],
  folds: [],
  jobs: [],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});
