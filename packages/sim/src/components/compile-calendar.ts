import type { CompiledFlow } from "./compiled-flow.ts";
import type { FlowModel } from "./flow-model.ts";
import { MICROSECONDS } from "./flow-time.ts";

/** The instants at which a calendar turns on and off, in one period. */
export function compileCalendar(calendar: NonNullable<FlowModel["calendars"]>[number]): CompiledFlow["calendars"][number] {
  const period = Math.round((calendar.periodS ?? 86_400) * MICROSECONDS);
  const toggles: { at: number; on: boolean }[] = [];
  for (const { fromS, toS } of calendar.on) {
    const from = Math.round(fromS * MICROSECONDS);
    const to = Math.round(toS * MICROSECONDS);
    const last = toggles.at(-1);
    if (last !== undefined && last.at === from) toggles.pop();
    else toggles.push({ at: from, on: true });
    toggles.push({ at: to, on: false });
  }
  const onAtStart = toggles[0]?.at === 0;
  if (onAtStart) toggles.shift();
  // an end at the end of the period that begins again with on is no end
  if (onAtStart && toggles.at(-1)?.at === period) toggles.pop();
  else if (toggles.length > 0 && toggles.at(-1)!.at === period) toggles[toggles.length - 1] = { at: period, on: false };
  if (onAtStart && toggles.length > 0 && toggles.at(-1)!.on === false) toggles.push({ at: period, on: true });
  return { period, toggles, onAtStart };
}
