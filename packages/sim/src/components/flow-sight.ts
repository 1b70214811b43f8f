import { ROBOT, SINK, SOURCE, STATION } from "./compiled-flow.ts";
import type { FlowCore } from "./flow-core.ts";
import { type StationState, stationStates } from "./flow-memory.ts";
import { MICROSECONDS } from "./flow-time.ts";

/** An item as it is seen: `id` is its own as long as it is inside. */
export interface SeenItem {
  readonly id: string;
  readonly product: string;
}

export interface SeenPlace {
  readonly state: StationState;
  /** Seconds from the start of the run. */
  readonly sinceS: number;
  readonly item: SeenItem | undefined;
}

/** One component at an instant: the places of a station, and what waits before it or is in it, next first. */
export interface SeenComponent {
  readonly id: string;
  readonly places: readonly SeenPlace[];
  /** Items in queue, on the belt, in a buffer, for or on vehicles; all of them in `waitingCount`, the first ones here. */
  readonly waiting: readonly SeenItem[];
  readonly waitingCount: number;
  /** Litres, of a tank. */
  readonly litres?: number;
}

/** A flow at an instant, as a person would see it: every item that is not inside another is in one place or queue. */
export interface FlowSight {
  readonly nowS: number;
  /** Since the beginning, warm-up included. */
  readonly good: number;
  readonly components: readonly SeenComponent[];
}

/** What stands where now. Of every queue as many items as `most`. Reads only: a run that was looked at goes on as any other. */
export function sightOf(flow: FlowCore, most: number): FlowSight {
  const { memory, compiled, events } = flow;
  const seen = (item: number): SeenItem => ({
    id: `${item}.${memory.itemEntered[item]!}`,
    product: compiled.products[memory.itemProduct[item]!] ?? "",
  });
  return {
    nowS: events.now / MICROSECONDS,
    good: memory.everGood,
    components: compiled.model.components.map((component, index) => {
      const places: SeenPlace[] = [];
      const waiting: SeenItem[] = [];
      let waitingCount = 0;
      const wait = (item: number): void => {
        waitingCount++;
        if (waiting.length < most) waiting.push(seen(item));
      };
      for (const at of compiled.nodesOfComponent[index] ?? []) {
        const node = compiled.nodes[at]!;
        if (node.kind === SINK || (node.kind === SOURCE && node.source!.kind === "saturated")) continue;
        for (const first of [memory.queueFirst[at]!, memory.heldFirst[at]!])
          for (let item = first; item >= 0; item = memory.itemNext[item]!) wait(item);
        if (node.kind !== STATION && node.kind !== ROBOT && node.fleet < 0) continue;
        for (let place = node.firstPlace; place < node.firstPlace + node.places; place++) {
          const item = memory.outItem[place]!;
          if (node.kind === STATION)
            places.push({
              state: stationStates[memory.state[place]!]!,
              sinceS: memory.stateSince[place]! / MICROSECONDS,
              item: item < 0 ? undefined : seen(item),
            });
          else if (item >= 0) wait(item);
          for (let other = item < 0 ? -1 : memory.rest[place]!; other >= 0; other = memory.itemNext[other]!) wait(other);
        }
      }
      const tank = component.type === "tank" ? compiled.fluids.tanks.findIndex(({ id }) => id === component.id) : -1;
      return { id: component.id, places, waiting, waitingCount, ...(tank < 0 ? {} : { litres: litresNow(flow, tank) }) };
    }),
  };
}

/** Between two instants levels are straight lines (rule C24). */
function litresNow({ memory, events }: FlowCore, tank: number): number {
  return memory.tankLevel[tank]! + (memory.tankNet[tank]! * (events.now - memory.fluidSince)) / MICROSECONDS;
}
