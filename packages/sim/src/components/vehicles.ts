import { type FlowNode, TRANSPORT } from "./compiled-flow.ts";
import { BY_FIRST, BY_SHORTEST } from "./compile-route.ts";
import type { CompiledFleet } from "./compile-network.ts";
import { type FlowCore, ORDER, VEHICLE, wakeSoon } from "./flow-core.ts";
import { DONE, EMPTY, WORK } from "./flow-memory.ts";
import { type CompiledTime, MICROSECONDS, drawTime } from "./flow-time.ts";
import { takeHead } from "./queues.ts";
import { deliver, hasRoom, loadOf } from "./transfer.ts";
import { aim, emptyPlace } from "./offers.ts";

const IDLE = 0;
const FETCHING = 1;
const LOADING = 2;
const BRINGING = 3;
const UNLOADING = 4;
const GIVING = 5;
const TO_CHARGER = 6;
const CHARGING = 7;

/** An item waits at a transport: the nearest idle vehicle comes (of equals the one idle longest). */
export function callVehicle(flow: FlowCore, node: FlowNode): void {
  const { memory, compiled } = flow;
  if (memory.queueCount[node.index]! <= memory.called[node.index]!) return;
  const fleet = compiled.network.fleets[node.fleet]!;
  let best = -1;
  for (let vehicle = fleet.firstVehicle; vehicle < fleet.firstVehicle + fleet.vehicles; vehicle++) {
    if (memory.vehiclePhase[vehicle] !== IDLE) continue;
    if (best < 0 || isNearer(flow, vehicle, best, node.point)) best = vehicle;
  }
  if (best >= 0) assign(flow, best, node);
}

/** A vehicle ends what it does: drives on, loads, unloads, gives, charges. */
export function vehicleDone(flow: FlowCore, vehicle: number): void {
  const { memory, compiled } = flow;
  const { network } = compiled;
  const fleet = fleetOf(flow, vehicle);
  switch (memory.vehiclePhase[vehicle]) {
    case FETCHING:
    case BRINGING:
    case TO_CHARGER: {
      const from = memory.vehicleAt[vehicle]!;
      const to = memory.vehicleHop[vehicle]!;
      memory.vehicleDriven[vehicle]! += network.distance[from * network.points.length + to]!;
      memory.vehicleAt[vehicle] = to;
      return drive(flow, vehicle);
    }
    case LOADING: {
      const node = compiled.nodes[memory.vehicleNode[vehicle]!]!;
      const place = placeOf(flow, vehicle, node);
      memory.called[node.index]!--;
      memory.outItem[place] = takeHead(flow, node);
      memory.phase[place] = WORK;
      wakeSoon(memory, node.index);
      aim(flow, place, node.route!);
      if (memory.outTarget[place]! < 0) chooseGoal(flow, node, place);
      return driveTo(flow, vehicle, BRINGING, node.points.get(memory.outTarget[place]!)!);
    }
    case UNLOADING: {
      const place = placeOf(flow, vehicle, compiled.nodes[memory.vehicleNode[vehicle]!]!);
      memory.vehiclePhase[vehicle] = GIVING;
      memory.phase[place] = DONE;
      return deliver(flow, place);
    }
    case CHARGING:
      memory.vehicleDriven[vehicle] = 0;
      return becomeIdle(flow, vehicle, fleet);
    default:
      throw new Error(`vehicle ${vehicle} ends nothing`);
  }
}

/** The item of a vehicle was taken from it. */
export function vehicleGave(flow: FlowCore, node: FlowNode, place: number): void {
  emptyPlace(flow, place);
  flow.memory.phase[place] = EMPTY;
  const fleet = flow.compiled.network.fleets[node.fleet]!;
  becomeIdle(flow, fleet.firstVehicle + place - node.firstPlace, fleet);
}

function becomeIdle(flow: FlowCore, vehicle: number, fleet: CompiledFleet): void {
  const { memory, events } = flow;
  if (memory.vehicleDriven[vehicle]! >= fleet.driveM) return driveTo(flow, vehicle, TO_CHARGER, fleet.charger);
  memory.vehiclePhase[vehicle] = IDLE;
  memory.vehicleTime[vehicle]! += events.now;
  memory.vehicleIdleSince[vehicle] = events.now;
  const node = nextJob(flow, vehicle, fleet);
  if (node !== undefined) assign(flow, vehicle, node);
}

function nextJob(flow: FlowCore, vehicle: number, fleet: CompiledFleet): FlowNode | undefined {
  const { memory, compiled } = flow;
  const { network } = compiled;
  let best: FlowNode | undefined;
  let bestKey = Infinity;
  let bestSince = Infinity;
  for (const node of compiled.nodes) {
    if (node.kind !== TRANSPORT || network.fleets[node.fleet] !== fleet || memory.queueCount[node.index]! <= memory.called[node.index]!)
      continue;
    let item = memory.queueFirst[node.index]!;
    for (let ahead = memory.called[node.index]!; ahead > 0; ahead--) item = memory.itemNext[item]!;
    const since = memory.itemSince[item]!;
    const key =
      fleet.dispatch === "nearest"
        ? network.distance[memory.vehicleAt[vehicle]! * network.points.length + node.point]!
        : fleet.dispatch === "priority"
          ? node.rank
          : 0;
    if (key > bestKey || (key === bestKey && since >= bestSince)) continue;
    best = node;
    bestKey = key;
    bestSince = since;
  }
  return best;
}

function assign(flow: FlowCore, vehicle: number, node: FlowNode): void {
  const { memory, events } = flow;
  memory.vehicleNode[vehicle] = node.index;
  memory.called[node.index]!++;
  memory.vehicleTime[vehicle]! -= events.now;
  driveTo(flow, vehicle, FETCHING, node.point);
}

function driveTo(flow: FlowCore, vehicle: number, phase: number, goal: number): void {
  flow.memory.vehiclePhase[vehicle] = phase;
  flow.memory.vehicleGoal[vehicle] = goal;
  drive(flow, vehicle);
}

/** The next hop; a hop in a zone that another vehicle is in waits for it. Without zones the whole way is one hop. */
function drive(flow: FlowCore, vehicle: number): void {
  const { memory, compiled, events } = flow;
  const { network } = compiled;
  const P = network.points.length;
  const at = memory.vehicleAt[vehicle]!;
  const goal = memory.vehicleGoal[vehicle]!;
  if (at === goal) {
    leaveZone(flow, vehicle, -1);
    return arrive(flow, vehicle);
  }
  let hop = goal;
  if (network.zones.length > 0) {
    hop = network.next[at * P + goal]!;
    const zone = network.hopZone.get(at * P + hop)!;
    if (zone >= 0 && memory.zoneBy[zone] !== vehicle) {
      if (memory.zoneBy[zone]! >= 0) {
        leaveZone(flow, vehicle, -1);
        return waitForZone(flow, vehicle, zone);
      }
      memory.zoneBy[zone] = vehicle;
    }
    leaveZone(flow, vehicle, zone);
    memory.vehicleZone[vehicle] = zone;
  }
  memory.vehicleHop[vehicle] = hop;
  const time = Math.round((network.distance[at * P + hop]! / fleetOf(flow, vehicle).speedMps) * MICROSECONDS);
  events.schedule(events.now + time, ORDER.move, VEHICLE, vehicle);
}

function arrive(flow: FlowCore, vehicle: number): void {
  const { memory } = flow;
  const fleet = fleetOf(flow, vehicle);
  switch (memory.vehiclePhase[vehicle]) {
    case FETCHING:
      return take(flow, vehicle, LOADING, fleet.load, fleet.streams.load);
    case BRINGING:
      return take(flow, vehicle, UNLOADING, fleet.unload, fleet.streams.unload);
    default:
      return take(flow, vehicle, CHARGING, fleet.charge!, fleet.streams.charge);
  }
}

function take(flow: FlowCore, vehicle: number, phase: number, time: CompiledTime, stream: number): void {
  const { memory, events } = flow;
  memory.vehiclePhase[vehicle] = phase;
  // one stream a vehicle and purpose
  const drawn = drawTime(time, memory.key, stream + vehicle, memory.vehicleDraws[vehicle]!++);
  events.schedule(events.now + drawn, ORDER.move, VEHICLE, vehicle);
}

function leaveZone(flow: FlowCore, vehicle: number, next: number): void {
  const { memory } = flow;
  const zone = memory.vehicleZone[vehicle]!;
  memory.vehicleZone[vehicle] = -1;
  if (zone < 0 || zone === next) return;
  const waiting = memory.zoneFirst[zone]!;
  memory.zoneBy[zone] = -1;
  if (waiting < 0) return;
  memory.zoneFirst[zone] = memory.vehicleNext[waiting]!;
  memory.vehicleNext[waiting] = -1;
  drive(flow, waiting);
}

function waitForZone(flow: FlowCore, vehicle: number, zone: number): void {
  const { memory } = flow;
  memory.vehicleNext[vehicle] = -1;
  let last = memory.zoneFirst[zone]!;
  if (last < 0) memory.zoneFirst[zone] = vehicle;
  else {
    while (memory.vehicleNext[last]! >= 0) last = memory.vehicleNext[last]!;
    memory.vehicleNext[last] = vehicle;
  }
}

/** A vehicle must know where to go before there is room: the first with room, the emptiest, else the first. */
function chooseGoal(flow: FlowCore, node: FlowNode, place: number): void {
  const { memory, compiled } = flow;
  const route = compiled.routes[memory.outRoute[place]!]!;
  const item = memory.outItem[place]!;
  let best = 0;
  if (route.kind === BY_FIRST)
    best = Math.max(
      0,
      route.targets.findIndex((target) => hasRoom(flow, target, item)),
    );
  else if (route.kind === BY_SHORTEST)
    route.targets.forEach((target, choice) => {
      if (loadOf(flow, target) < loadOf(flow, route.targets[best]!)) best = choice;
    });
  memory.outTarget[place] = route.targets[best]!;
  memory.outLink[place] = route.links[best]!;
}

function isNearer(flow: FlowCore, a: number, b: number, point: number): boolean {
  const { memory, compiled } = flow;
  const { distance, points } = compiled.network;
  const first = distance[memory.vehicleAt[a]! * points.length + point]!;
  const second = distance[memory.vehicleAt[b]! * points.length + point]!;
  return first < second || (first === second && memory.vehicleIdleSince[a]! < memory.vehicleIdleSince[b]!);
}

function placeOf(flow: FlowCore, vehicle: number, node: FlowNode): number {
  return node.firstPlace + vehicle - flow.compiled.network.fleets[node.fleet]!.firstVehicle;
}

function fleetOf(flow: FlowCore, vehicle: number): CompiledFleet {
  return flow.compiled.network.fleets.find((fleet) => vehicle < fleet.firstVehicle + fleet.vehicles)!;
}
