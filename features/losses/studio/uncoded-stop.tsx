import type { ReactNode } from "react";
import { useWords, type ShiftOfBlock } from "@doppelwerk/kit/studio";
import { useState } from "react";
import { StopList } from "./stop-list.tsx";
import { useReasons } from "./use-reasons.ts";
import { useStops } from "./use-stops.ts";
import type { LossBudget } from "../contract.ts";

const SHOWN = 3;
const LONG_S = 60;
const WAITS: ReadonlySet<string> = new Set(["blocked", "starved", "working", "idle", "unknown"]);

/** The longest stops without a reason, at the constraint and at the stations that it waited for. */
export function UncodedStop({ shift, budget }: { readonly shift: ShiftOfBlock; readonly budget: LossBudget }): ReactNode {
  const { t } = useWords();
  const loaded = useStops({ from: shift.from, to: shift.to });
  const reasons = useReasons();
  const [max, setMax] = useState(SHOWN);
  const stations = new Set([budget.station, ...budget.rows.flatMap(({ station }) => station ?? [])]);
  const open = (loaded.value?.stops ?? []).filter(
    ({ station, reason, seconds, state }) => stations.has(station) && reason === undefined && seconds >= LONG_S && !WAITS.has(state),
  );
  if (open.length === 0) return null;
  return (
    <section className="dw-cascade-open dw-screen-only">
      <h3>{t("losses.cascade.without", { count: open.length })}</h3>
      <StopList stops={open} max={max} reasons={reasons} reload={loaded.reload} onMore={() => setMax(max + 10)} withStation byLength />
    </section>
  );
}
