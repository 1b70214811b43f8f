import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DAY, HOUR, MINUTE, type Instant } from "@doppelwerk/world";
import { anchorCalendar, plantShifts, shiftAt, type CalendarAnchor, type PlantShift } from "./calendar.ts";

/** What the plant remembers of its own time between two starts: a restart continues the same history. */
export interface PlantTime {
  readonly seed: number;
  readonly anchor: CalendarAnchor;
  readonly shifts: readonly PlantShift[];
}

interface StoredTime {
  readonly format: 1;
  readonly seed: number;
  readonly anchor: CalendarAnchor;
  /** Unplanned shifts worked because the plant was started in its night. */
  readonly extra: readonly PlantShift[];
  readonly lastAlive: Instant;
}

/** After so long the plant begins a new life: generating the past from the first day on would take too long. */
const longestLife = 30 * DAY;

/**
 * The calendar of the plant under `data`. The first start chooses the zone; later starts keep it, and where the plant would be at rest
 * now, an unplanned extra shift is worked, begun after everything the plant has already told.
 */
export function openPlantTime(data: string, seed: number, now: Instant): PlantTime {
  const stored = readStored(data);
  const keep =
    stored && stored.seed === seed && now >= stored.lastAlive && now - stored.anchor.anchorDay < longestLife ? stored : undefined;
  const anchor = keep?.anchor ?? anchorCalendar(now);
  let extra = keep?.extra ?? [];
  let shifts = plantShifts(anchor, extra);
  if (!shiftAt(shifts, now)) {
    extra = [...extra, extraShift(shifts, now, keep?.lastAlive ?? 0)];
    shifts = plantShifts(anchor, extra);
  }
  store(data, { format: 1, seed, anchor, extra, lastAlive: Math.max(now, keep?.lastAlive ?? 0) });
  return { seed, anchor, shifts };
}

/** Written while the plant runs, so that a later start never rewrites what was told. */
export function rememberAlive(data: string, now: Instant): void {
  const stored = readStored(data);
  if (stored) store(data, { ...stored, lastAlive: Math.max(now, stored.lastAlive) });
}

function extraShift(shifts: readonly PlantShift[], now: Instant, lastAlive: Instant): PlantShift {
  const previousEnd = shifts.findLast((shift) => shift.end <= now)?.end ?? 0;
  const next = shifts.find((shift) => shift.start > now)?.start ?? Infinity;
  const start = Math.min(now, Math.max(previousEnd, lastAlive + MINUTE, now - 4.5 * HOUR));
  return { id: "Extra", start, end: Math.min(next, start + 8 * HOUR), breaks: [], unplanned: true };
}

function readStored(data: string): StoredTime | undefined {
  try {
    const value = JSON.parse(readFileSync(fileOf(data), "utf8")) as StoredTime;
    return value.format === 1 ? value : undefined;
  } catch {
    // No file or a torn one: the plant begins again, as documented.
    return undefined;
  }
}

function store(data: string, value: StoredTime): void {
  mkdirSync(data, { recursive: true });
  writeFileSync(`${fileOf(data)}.part`, JSON.stringify(value));
  renameSync(`${fileOf(data)}.part`, fileOf(data));
}

function fileOf(data: string): string {
  return join(data, "plant-clock.json");
}
