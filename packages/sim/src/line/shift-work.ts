import type { Shift } from "./calendar.ts";
import { CALENDAR, type LineCore, PRIORITY, plannedNow } from "./line-core.ts";
import { RUNNING, SHIFT_FIGURES } from "./line-memory.ts";
import { growColumn } from "../kernel/memory.ts";
import { serveRequests, staffShift } from "./personnel.ts";
import { resumePlace } from "./resume.ts";
import { pauseSegment } from "./break-off.ts";
import { refresh } from "./place-state.ts";
import { pauseRepair, resumeRepair } from "./repairs.ts";

/** Finds the shift of the first moment and foresees its next boundary. Nobody is woken. */
export function startCalendar(line: LineCore): void {
  const { memory, compiled } = line;
  const ordinal = compiled.calendar.ordinalAfter(line.events.now);
  memory.shiftOrdinal = ordinal ?? Number.MAX_SAFE_INTEGER;
  const shift = compiled.calendar.shift(memory.shiftOrdinal);
  if (shift !== undefined && shift.start <= line.events.now) {
    beginShift(line, shift, shift.start === line.events.now ? 0 : 2);
    while (memory.breakIndex < shift.breaks.length && shift.breaks[memory.breakIndex]!.end <= line.events.now) memory.breakIndex++;
    const pause = shift.breaks[memory.breakIndex];
    if (pause !== undefined && pause.start <= line.events.now) beginBreak(line, shift, pause.end);
  }
  memory.on = memory.inShift === 1 && memory.inBreak === 0 ? 1 : 0;
  memory.plannedSince = line.events.now;
  foresee(line);
}

/** Carries out every boundary of this moment. */
export function calendarEvent(line: LineCore): void {
  const { memory, compiled, events } = line;
  const now = events.now;
  const wasOn = memory.on;
  const shift = compiled.calendar.shift(memory.shiftOrdinal)!;
  if (memory.inShift === 1) {
    const pause = shift.breaks[memory.breakIndex];
    if (memory.inBreak === 1 && (now >= pause!.end || now >= shift.end)) {
      memory.inBreak = 0;
      memory.breakIndex++;
      line.observer?.({ kind: "breakEnd", time: now, shift: shift.id });
    }
    if (now >= shift.end) endShift(line, shift);
    else {
      const next = shift.breaks[memory.breakIndex];
      if (memory.inBreak === 0 && next !== undefined && now >= next.start) beginBreak(line, shift, next.end);
    }
  }
  if (memory.inShift === 0) {
    const next = compiled.calendar.shift(memory.shiftOrdinal);
    if (next !== undefined && now >= next.start) beginShift(line, next, 0);
  }
  const on = memory.inShift === 1 && memory.inBreak === 0 ? 1 : 0;
  foresee(line);
  if (on === wasOn) return serveRequests(line);
  if (on === 0) {
    memory.plannedBefore = plannedNow(line);
    memory.on = 0;
    pauseAll(line);
  } else {
    memory.on = 1;
    memory.plannedSince = now;
    resumeAll(line);
  }
}

/** A row of figures for a shift; `closed` is 2 for one whose begin was not seen. */
export function openShiftRow(line: LineCore, closed: 0 | 2): void {
  const { memory } = line;
  const row = memory.shiftCount++;
  memory.shiftOrdinals = growColumn(memory.shiftOrdinals, row + 1);
  memory.shiftPlanned = growColumn(memory.shiftPlanned, row + 1);
  memory.shiftClosed = growColumn(memory.shiftClosed, row + 1);
  memory.shiftFigures = growColumn(memory.shiftFigures, (row + 1) * SHIFT_FIGURES);
  memory.shiftFigures.fill(0, row * SHIFT_FIGURES, (row + 1) * SHIFT_FIGURES);
  memory.shiftOrdinals[row] = memory.shiftOrdinal;
  memory.shiftPlanned[row] = plannedNow(line);
  memory.shiftClosed[row] = closed;
}

function beginShift(line: LineCore, shift: Shift, closed: 0 | 2): void {
  const { memory } = line;
  memory.inShift = 1;
  memory.inBreak = 0;
  memory.breakIndex = 0;
  openShiftRow(line, closed);
  staffShift(line, shift.id);
  line.observer?.({ kind: "shiftBegin", time: line.events.now, shift: shift.id, end: shift.end });
}

function endShift(line: LineCore, shift: Shift): void {
  const { memory } = line;
  const row = memory.shiftCount - 1;
  memory.inShift = 0;
  memory.shiftOrdinal++;
  memory.shiftPlanned[row] = plannedNow(line) - memory.shiftPlanned[row]!;
  memory.shiftClosed[row]! += 1;
  line.observer?.({ kind: "shiftEnd", time: line.events.now, shift: shift.id });
}

function beginBreak(line: LineCore, shift: Shift, end: number): void {
  line.memory.inBreak = 1;
  line.observer?.({ kind: "breakBegin", time: line.events.now, shift: shift.id, end: Math.min(end, shift.end) });
}

function foresee(line: LineCore): void {
  const { memory, compiled, events } = line;
  const shift = compiled.calendar.shift(memory.shiftOrdinal);
  if (shift === undefined) return;
  const pause = shift.breaks[memory.breakIndex];
  const boundary =
    memory.inShift === 0
      ? shift.start
      : Math.min(shift.end, pause === undefined ? Infinity : memory.inBreak === 1 ? pause.end : Math.max(pause.start, events.now));
  events.schedule(boundary, PRIORITY.calendar, CALENDAR, 0);
}

function pauseAll(line: LineCore): void {
  const { compiled } = line;
  for (let place = 0; place < compiled.placeStation.length; place++) {
    if (compiled.stations[compiled.placeStation[place]!]!.unattended) continue;
    pauseSegment(line, place);
    refresh(line, place);
  }
  for (let stop = 0; stop < compiled.stops.length; stop++) if (line.memory.stopPhase[stop] !== RUNNING) pauseRepair(line, stop);
}

/** From the end of the line to its beginning, so that what can leave makes room first. */
function resumeAll(line: LineCore): void {
  const { compiled, memory } = line;
  for (let stop = 0; stop < compiled.stops.length; stop++) if (memory.stopPhase[stop] !== RUNNING) resumeRepair(line, stop);
  serveRequests(line);
  for (let place = compiled.placeStation.length - 1; place >= 0; place--) {
    resumePlace(line, place);
    refresh(line, place);
  }
}
