import { CALENDAR, type FlowCore, ORDER } from "./flow-core.ts";
import { serveRequests } from "./staff.ts";
import { refreshOpen, show } from "./station-state.ts";
import { resume } from "./resume.ts";
import { interrupt } from "./clear-place.ts";

export function startCalendars(flow: FlowCore): void {
  flow.compiled.calendars.forEach((calendar, index) => {
    if (!calendar.onAtStart) turnOff(flow, index);
    foresee(flow, index);
  });
}

/** A calendar turns on or off. */
export function calendarTurns(flow: FlowCore, index: number): void {
  const { memory, compiled } = flow;
  const calendar = compiled.calendars[index]!;
  const { on } = calendar.toggles[memory.calendarIndex[index]!]!;
  if (++memory.calendarIndex[index]! === calendar.toggles.length) {
    memory.calendarIndex[index] = 0;
    memory.calendarBase[index]! += calendar.period;
  }
  memory.calendarOn[index] = on ? 1 : 0;
  foresee(flow, index);
  if (on) turnOn(flow, index);
  else turnOff(flow, index);
}

/** Turns a calendar without spans from outside: a model that is coupled says when its stations may work. */
export function turnCalendar(flow: FlowCore, index: number, on: boolean): void {
  const { memory } = flow;
  if ((memory.calendarOn[index] === 1) === on) return;
  memory.calendarOn[index] = on ? 1 : 0;
  if (on) turnOn(flow, index);
  else turnOff(flow, index);
}

function foresee(flow: FlowCore, index: number): void {
  const { memory, compiled, events } = flow;
  const toggle = compiled.calendars[index]!.toggles[memory.calendarIndex[index]!];
  if (toggle !== undefined) events.schedule(memory.calendarBase[index]! + toggle.at, ORDER.calendar, CALENDAR, index);
}

function turnOff(flow: FlowCore, index: number): void {
  const { memory, compiled } = flow;
  for (const node of compiled.nodes) {
    if (node.calendar !== index) continue;
    memory.closed[node.index] = 1;
    for (let place = node.firstPlace; place < node.firstPlace + node.places; place++) {
      if (!node.finishes) {
        interrupt(flow, place);
        memory.held[place]!++;
      }
      refreshOpen(flow, place);
      show(flow, place);
    }
  }
}

function turnOn(flow: FlowCore, index: number): void {
  const { memory, compiled } = flow;
  for (const node of compiled.nodes) {
    if (node.calendar !== index) continue;
    memory.closed[node.index] = 0;
    for (let place = node.firstPlace; place < node.firstPlace + node.places; place++) {
      if (!node.finishes) {
        memory.held[place]!--;
        resume(flow, place);
      } else refreshOpen(flow, place);
      show(flow, place);
    }
  }
  serveRequests(flow);
}
