import { SECOND, type Instant } from "@doppelwerk/world/instant";
import { uniformAt } from "../random/philox.ts";
import { EFFECT, type LineCore, PRIORITY, draw } from "./line-core.ts";
import { sendVehicles } from "./logistics.ts";
import { wakeForMaterial } from "./deliveries.ts";
import { resumePlace } from "./resume.ts";
import { pauseSegment } from "./break-off.ts";
import { refresh } from "./place-state.ts";

interface Window {
  readonly start: Instant;
  readonly end: Instant;
}

/** Makes every effect what it is at the first moment and foresees its next change. */
export function startEffects(line: LineCore): void {
  line.compiled.effects.forEach((effect, at) => {
    if (effect.model.when.kind === "random") return foreseeRandom(line, at);
    const span = windowAfter(line, at, line.events.now);
    if (span === undefined) return;
    if (span.start <= line.events.now) {
      begin(line, at);
      if (span.end !== Infinity) line.events.schedule(span.end, PRIORITY.calendar, EFFECT, at);
    } else line.events.schedule(span.start, PRIORITY.calendar, EFFECT, at);
  });
}

/** An effect begins or ends. */
export function effectEvent(line: LineCore, at: number): void {
  const { memory, events, compiled } = line;
  const random = compiled.effects[at]!.model.when.kind === "random";
  if (memory.effectActive[at] === 0) {
    begin(line, at);
    if (random) events.schedule(events.now + drawNext(line, at, "duration"), PRIORITY.calendar, EFFECT, at);
    else {
      const span = windowAfter(line, at, events.now);
      if (span !== undefined && span.end !== Infinity) events.schedule(span.end, PRIORITY.calendar, EFFECT, at);
    }
    return;
  }
  end(line, at);
  if (random) return foreseeRandom(line, at);
  const span = windowAfter(line, at, events.now);
  if (span !== undefined) events.schedule(Math.max(span.start, events.now), PRIORITY.calendar, EFFECT, at);
}

function begin(line: LineCore, at: number): void {
  const { memory, compiled } = line;
  const effect = compiled.effects[at]!;
  memory.effectActive[at] = 1;
  line.observer?.({ kind: "effectBegin", time: line.events.now, effect: effect.model.id });
  if (effect.material >= 0) memory.materialShort[effect.material]!++;
  for (const station of effect.stations) {
    memory.stationOutages[station]!++;
    memory.stationOutageEffect[station] = at;
    const { firstPlace, places } = compiled.stations[station]!;
    for (let place = firstPlace; place < firstPlace + places; place++) {
      pauseSegment(line, place);
      refresh(line, place);
    }
  }
}

function end(line: LineCore, at: number): void {
  const { memory, compiled } = line;
  const effect = compiled.effects[at]!;
  memory.effectActive[at] = 0;
  line.observer?.({ kind: "effectEnd", time: line.events.now, effect: effect.model.id });
  if (effect.material >= 0 && --memory.materialShort[effect.material]! === 0) {
    sendVehicles(line);
    wakeForMaterial(line, effect.material);
  }
  for (const station of effect.stations) {
    if (--memory.stationOutages[station]! > 0) continue;
    const { firstPlace, places } = compiled.stations[station]!;
    for (let place = firstPlace; place < firstPlace + places; place++) {
      resumePlace(line, place);
      refresh(line, place);
    }
  }
}

function foreseeRandom(line: LineCore, at: number): void {
  line.events.schedule(line.events.now + drawNext(line, at, "between"), PRIORITY.calendar, EFFECT, at);
}

function drawNext(line: LineCore, at: number, what: "between" | "duration"): number {
  const effect = line.compiled.effects[at]!;
  return draw(line, effect[what]!, effect.stream, line.memory.effectCount[at]!++);
}

/** The first span of an effect that ends after `instant`. */
function windowAfter(line: LineCore, at: number, instant: Instant): Window | undefined {
  const { model, stream } = line.compiled.effects[at]!;
  const { calendar } = line.compiled;
  const when = model.when;
  switch (when.kind) {
    case "always":
      return { start: -Infinity, end: Infinity };
    case "intervals":
      return when.intervals.filter((interval) => interval.end > instant).toSorted((a, b) => a.start - b.start)[0];
    case "periodic": {
      const since = when.since ?? 0;
      const period = when.periodS * SECOND;
      const duration = when.durationS * SECOND;
      const turn = Math.floor((instant - since - duration) / period) + 1;
      return { start: Math.round(since + turn * period), end: Math.round(since + turn * period + duration) };
    }
    case "endOfShift": {
      const ordinal = calendar.ordinalAfter(instant);
      const shift = ordinal === undefined ? undefined : calendar.shift(ordinal);
      return shift === undefined
        ? undefined
        : { start: Math.max(shift.start, shift.end - Math.round(when.lastS * SECOND)), end: shift.end };
    }
    case "shifts": {
      let ordinal = calendar.ordinalAfter(instant);
      if (ordinal === undefined) return undefined;
      // the span of an earlier shift may still be open
      for (ordinal -= when.every; ; ordinal++) {
        const shift = calendar.shift(ordinal);
        if (shift === undefined && ordinal >= 0) return undefined;
        if (shift === undefined || modulo(ordinal - (when.offset ?? 0), when.every) !== 0) continue;
        const spread = when.spreadS === undefined ? 0 : when.spreadS * uniformAt(line.memory.key, stream, modulo(ordinal, 4294967296));
        const start = shift.start + Math.round((when.afterS + spread) * SECOND);
        const end = start + Math.round(when.durationS * SECOND);
        if (end > instant) return { start, end };
      }
    }
    case "random":
      return undefined;
  }
}

function modulo(a: number, b: number): number {
  return ((a % b) + b) % b;
}
