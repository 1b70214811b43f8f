import type { Instant, Principal, RecordId } from "@doppelwerk/world";
import { port } from "./token.ts";

/** KPIs of ISO 22400-2 of a station or line over the shifts of a span of live, by their ids; those that are not known are left out. */
export interface KpiValues {
  of(question: {
    readonly principal: Principal;
    readonly from: Instant;
    readonly to: Instant;
    readonly line?: RecordId;
    readonly station?: string;
  }): Promise<ReadonlyMap<string, number>>;
}

export const kpiValues = port<KpiValues>("kpis.values", 1);
