import type { LocalText } from "@doppelwerk/operations";
import type { Instant, Principal } from "@doppelwerk/world";
import type { Message } from "@doppelwerk/messages";
import { slot } from "./token.ts";

/** A key figure that a domain declares. */
export interface DeclaredKpi {
  readonly id: string;
  readonly title: LocalText;
  readonly description?: LocalText;
  readonly unit?: string;
  /** Its name in ISO 22400-2. */
  readonly iso22400?: string;
  readonly better: "more" | "less";
  readonly digits: number;
  /** In its unit. */
  readonly target?: { readonly target: number; readonly warning: number };
}

/** A key figure of a period. Without a value it is not known; `n`: how many things it is of, where that is known. */
export interface KpiValue {
  readonly id: string;
  readonly value?: number;
  readonly n?: number;
  /** Why it could not be found out. */
  readonly fault?: Message;
}

export interface KpiQuestion {
  /** Who asks: it is of what they may read. */
  readonly principal: Principal;
  readonly from: Instant;
  readonly to: Instant;
  /** Only of these shells, by AAS id; a KPI that is of the whole world is left out then. */
  readonly shells?: ReadonlySet<string>;
}

/** Key figures of a feature, over any period of live. It answers within seconds, whatever its pack does. */
export interface KpiSource {
  readonly feature: string;
  readonly pack: string;
  readonly kpis: readonly DeclaredKpi[];
  values(question: KpiQuestion): Promise<readonly KpiValue[]>;
}

export const kpiSources = slot<KpiSource>("kpis.sources", 1);
