import type { FlowNode } from "./compiled-flow.ts";
import { BY_FIRST, BY_PRODUCT, BY_SHORTEST } from "./compile-route.ts";
import { type FlowCore, ORDER, ROBOT_DONE, wakeSoon } from "./flow-core.ts";
import { DONE, WORK } from "./flow-memory.ts";
import { type CompiledTime, drawTime } from "./flow-time.ts";
import { hand, hasRoom, loadOf } from "./transfer.ts";
import { emptyPlace, waitAt, waitNoMore } from "./offers.ts";

/*
 * A robot takes one item out of the place it is finished in and puts it where it goes. It sets off only when there is room at the goal, which it
 * keeps. It claims the zone it enters before it moves, and where it picks inside a zone the next one, too: so no two robots are in a zone, and
 * none stands in one while it waits for another.
 */

const IDLE = 0;

const TO_PICK = 1;

const PICKING = 2;

/** At the item, which something holds. */
const GRIP = 3;

const TO_PLACE = 4;

const PLACING = 5;

/** Over the goal, where a limit keeps the item out. */
const GIVING = 6;

const TO_HOME = 7;

/** Outside of every zone with an item, until that of its goal is free. */
const BEFORE_ZONE = 8;

/** Something about the work of a robot has changed: an item waits, there is room again, a place is no longer held. */
export function robotRequested(flow: FlowCore, node: FlowNode): void {
  const { memory } = flow;
  if (memory.robotPhase[node.robot] === IDLE) chooseTask(flow, node.robot);
  else if (memory.robotPhase[node.robot] === GRIP) grip(flow, node.robot);
}

/** A robot ends what it does. */
export function robotDone(flow: FlowCore, robot: number): void {
  const { memory, compiled } = flow;
  const { robots, zoneOf } = compiled.robots;
  const at = memory.robotGoal[robot]!;
  switch (memory.robotPhase[robot]) {
    case TO_PICK:
      memory.robotAt[robot] = at;
      leaveZones(flow, robot, zoneOf[at]!, zoneOf[at]! < 0 ? -1 : zoneOf[goalOf(flow, robot)]!);
      return take(flow, robot, PICKING, robots[robot]!.pick, robots[robot]!.pickStream);
    case PICKING:
      memory.robotPhase[robot] = GRIP;
      return grip(flow, robot);
    case TO_PLACE:
      memory.robotAt[robot] = at;
      leaveZones(flow, robot, zoneOf[at]!, -1);
      return take(flow, robot, PLACING, robots[robot]!.place, robots[robot]!.placeStream);
    case PLACING:
      return give(flow, robot);
    case TO_HOME:
      memory.robotAt[robot] = at;
      leaveZones(flow, robot, -1, -1);
      memory.robotPhase[robot] = IDLE;
      memory.robotTime[robot]! += flow.events.now;
      return chooseTask(flow, robot);
    default:
      throw new Error(`robot ${robot} ends nothing`);
  }
}

/** The item is in the gripper. */
export function robotGripped(flow: FlowCore, node: FlowNode, item: number): void {
  const { memory } = flow;
  memory.outItem[node.firstPlace] = item;
  memory.phase[node.firstPlace] = WORK;
  memory.robotIdleSince[node.robot] = flow.events.now;
  carry(flow, node.robot);
}

/** To the goal, as soon as its zone is free. */
function carry(flow: FlowCore, robot: number): void {
  const { memory, compiled } = flow;
  const goal = goalOf(flow, robot);
  const zone = compiled.robots.zoneOf[goal]!;
  memory.robotPhase[robot] = BEFORE_ZONE;
  if (!zonesFree(flow, robot, zone, -1)) return;
  if (zone >= 0) memory.robotZoneBy[zone] = robot;
  moveTo(flow, robot, TO_PLACE, goal);
}

/** The item is out of the gripper. */
export function robotGave(flow: FlowCore, node: FlowNode): void {
  const { memory, events } = flow;
  emptyPlace(flow, node.firstPlace);
  memory.outTarget[node.firstPlace] = -1;
  memory.robotPhase[node.robot] = IDLE;
  memory.robotTime[node.robot]! += events.now;
  memory.robotIdleSince[node.robot] = events.now;
  memory.robotPicks[node.robot]!++;
  wakeSoon(memory, node.index);
}

/** Of the items that wait for an idle robot and have room ahead and free zones: by priority, then the one that began to wait first. */
function chooseTask(flow: FlowCore, robot: number): void {
  const { memory, compiled, events } = flow;
  const { zoneOf } = compiled.robots;
  let best = -1;
  let bestNode: FlowNode | undefined;
  let bestChoice = -1;
  for (const node of compiled.nodes) {
    if (node.robot !== robot || (bestNode !== undefined && node.rank > bestNode.rank)) continue;
    for (let link = memory.waitFirst[node.index]!; link >= 0; link = memory.linkNext[link]!) {
      const giver = compiled.linkPlace[link]!;
      if (memory.held[giver] !== 0) continue;
      if (bestNode !== undefined && node.rank === bestNode.rank && memory.linkSince[link]! >= memory.linkSince[best]!) continue;
      const choice = choiceFor(flow, node, memory.outItem[giver]!);
      if (
        choice < 0 ||
        !zonesFree(flow, robot, zoneOf[node.point]!, zoneOf[node.point]! < 0 ? -1 : zoneOf[node.points.get(node.route!.targets[choice]!)!]!)
      )
        continue;
      best = link;
      bestNode = node;
      bestChoice = choice;
    }
  }
  if (bestNode === undefined) {
    const { home } = compiled.robots.robots[robot]!;
    if (zoneOf[memory.robotAt[robot]!]! < 0) return;
    memory.robotTime[robot]! -= events.now;
    return moveTo(flow, robot, TO_HOME, home);
  }
  const place = bestNode.firstPlace;
  const giver = compiled.linkPlace[best]!;
  waitNoMore(flow, bestNode, place);
  // whoever gives waits for this robot alone from now on
  const node = compiled.nodes[compiled.placeNode[giver]!]!;
  waitNoMore(flow, node, giver);
  waitAt(flow, node, giver, best - node.firstLink - (giver - node.firstPlace) * node.targets.length);
  const target = bestNode.route!.targets[bestChoice]!;
  memory.reserved[target]!++;
  memory.outRoute[place] = bestNode.route!.index;
  memory.outTarget[place] = target;
  memory.outLink[place] = bestNode.route!.links[bestChoice]!;
  memory.robotNode[robot] = bestNode.index;
  memory.robotLink[robot] = best;
  memory.robotTime[robot]! -= events.now;
  const zone = zoneOf[bestNode.point]!;
  if (zone >= 0) {
    memory.robotZoneBy[zone] = robot;
    const next = zoneOf[goalOf(flow, robot)]!;
    if (next >= 0) memory.robotZoneBy[next] = robot;
  }
  moveTo(flow, robot, TO_PICK, bestNode.point);
}

/** The way an item would go, if there is room; where there is none the robot is told when that changes. */
function choiceFor(flow: FlowCore, node: FlowNode, item: number): number {
  const { memory } = flow;
  const route = node.route!;
  const among = (choice: number): boolean => {
    if (hasRoom(flow, route.targets[choice]!, item)) return true;
    waitAt(flow, node, node.firstPlace, route.links[choice]!);
    return false;
  };
  if (route.kind === BY_PRODUCT) {
    const choice = route.byProduct[memory.itemProduct[item]!]!;
    return choice >= 0 && among(choice) ? choice : -1;
  }
  if (route.kind !== BY_FIRST && route.kind !== BY_SHORTEST) return among(0) ? 0 : -1;
  const open = route.targets.map((_, choice) => choice).filter(among);
  if (route.kind === BY_FIRST) return open[0] ?? -1;
  return open.reduce(
    (best, choice) => (best < 0 || loadOf(flow, route.targets[choice]!) < loadOf(flow, route.targets[best]!) ? choice : best),
    -1,
  );
}

/** Takes the item unless something holds it; where another lies there now that goes elsewhere, the robot is free again. */
function grip(flow: FlowCore, robot: number): void {
  const { memory, compiled, events } = flow;
  const node = compiled.nodes[memory.robotNode[robot]!]!;
  const link = memory.robotLink[robot]!;
  const giver = compiled.linkPlace[link]!;
  if (memory.held[giver] !== 0 || memory.linkPrevious[link] === -2) return;
  const item = memory.outItem[giver]!;
  const target = memory.outTarget[node.firstPlace]!;
  if (node.route!.kind === BY_PRODUCT && node.route!.targets[node.route!.byProduct[memory.itemProduct[item]!]!] !== target) {
    memory.reserved[target]!--;
    wakeSoon(memory, target);
    memory.outTarget[node.firstPlace] = -1;
    memory.robotPhase[robot] = IDLE;
    memory.robotTime[robot]! += events.now;
    return chooseTask(flow, robot);
  }
  const from = compiled.nodes[compiled.placeNode[giver]!]!;
  waitNoMore(flow, from, giver);
  hand(flow, from, giver, node.index);
}

function give(flow: FlowCore, robot: number): void {
  const { memory, compiled } = flow;
  const node = compiled.nodes[memory.robotNode[robot]!]!;
  const place = node.firstPlace;
  const target = memory.outTarget[place]!;
  memory.reserved[target]!--;
  memory.phase[place] = DONE;
  if (hasRoom(flow, target, memory.outItem[place]!)) return hand(flow, node, place, target);
  memory.robotPhase[robot] = GIVING;
  waitAt(flow, node, place, memory.outLink[place]!);
}

function moveTo(flow: FlowCore, robot: number, phase: number, goal: number): void {
  const { memory, compiled, events } = flow;
  const { travel, positions } = compiled.robots;
  memory.robotPhase[robot] = phase;
  memory.robotGoal[robot] = goal;
  const time = travel[(robot * positions.length + memory.robotAt[robot]!) * positions.length + goal]!;
  events.schedule(events.now + time, ORDER.move, ROBOT_DONE, robot);
}

function take(flow: FlowCore, robot: number, phase: number, time: CompiledTime, stream: number): void {
  const { memory, events } = flow;
  memory.robotPhase[robot] = phase;
  events.schedule(events.now + drawTime(time, memory.key, stream, memory.robotDraws[robot]!++), ORDER.move, ROBOT_DONE, robot);
}

/** Position of the place that the item goes to. */
function goalOf(flow: FlowCore, robot: number): number {
  const node = flow.compiled.nodes[flow.memory.robotNode[robot]!]!;
  return node.points.get(flow.memory.outTarget[node.firstPlace]!)!;
}

function zonesFree(flow: FlowCore, robot: number, first: number, second: number): boolean {
  const { robotZoneBy } = flow.memory;
  return [first, second].every((zone) => zone < 0 || robotZoneBy[zone] === -1 || robotZoneBy[zone] === robot);
}

/** Gives zones back but two; those that wait with an item go first, then idle robots look for work, the one that waits longest first. */
function leaveZones(flow: FlowCore, robot: number, keep: number, keepToo: number): void {
  const { memory, compiled } = flow;
  let left = false;
  for (let zone = 0; zone < compiled.robots.zones; zone++) {
    if (memory.robotZoneBy[zone] !== robot || zone === keep || zone === keepToo) continue;
    memory.robotZoneBy[zone] = -1;
    left = true;
  }
  if (!left) return;
  const waiting = compiled.robots.robots
    .map((_, other) => other)
    .sort((a, b) => memory.robotIdleSince[a]! - memory.robotIdleSince[b]! || a - b);
  for (const other of waiting) if (memory.robotPhase[other] === BEFORE_ZONE) carry(flow, other);
  for (const other of waiting) {
    if (memory.robotPhase[other] !== IDLE) continue;
    const node = compiled.nodes.find((candidate) => candidate.robot === other);
    if (node !== undefined) wakeSoon(memory, node.index);
  }
}
