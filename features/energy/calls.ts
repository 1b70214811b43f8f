// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const baselines = call<typeof contract.baselines>("GET /energy-baselines", "json");
export const compare = call<typeof contract.compare>("GET /energy-comparison", "json");
export const load = call<typeof contract.load>("GET /energy-load", "json");
export const meters = call<typeof contract.meters>("GET /energy-meters", "json");
export const ofPeriod = call<typeof contract.ofPeriod>("GET /energy", "json");
export const performance = call<typeof contract.performance>("GET /energy-baselines/:name/performance", "json");
export const removeBaseline = call<typeof contract.removeBaseline>("DELETE /energy-baselines/:name", "json");
export const removeMeter = call<typeof contract.removeMeter>("DELETE /energy-meters/:signal", "json");
export const removeTariff = call<typeof contract.removeTariff>("DELETE /energy-tariffs/:name", "json");
export const scenario = call<typeof contract.scenario>("GET /energy-scenario", "json");
export const storeBaseline = call<typeof contract.storeBaseline>("PUT /energy-baselines/:name", "json");
export const storeMeter = call<typeof contract.storeMeter>("PUT /energy-meters/:signal", "json");
export const storeScenario = call<typeof contract.storeScenario>("PUT /energy-scenario", "json");
export const storeTariff = call<typeof contract.storeTariff>("PUT /energy-tariffs/:name", "json");
export const tariffs = call<typeof contract.tariffs>("GET /energy-tariffs", "json");
export const use = call<typeof contract.use>("GET /energy-use", "json");
