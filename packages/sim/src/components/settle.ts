import { ALONE, type FlowNode, ROBOT } from "./compiled-flow.ts";
import { type FlowCore, countStep, offerSoon, wakeSoon } from "./flow-core.ts";
import { EMPTY } from "./flow-memory.ts";
import { robotRequested } from "./robots.ts";
import { gather, loadPlace } from "./work.ts";
import { waitNoMore } from "./offers.ts";
import { deliver, hasRoom, hand } from "./transfer.ts";

/** Carries out everything that is due within the present instant. */
export function settle(flow: FlowCore): void {
  const { memory } = flow;
  const mask = memory.agenda.length - 1;
  while (memory.agendaHead !== memory.agendaTail) {
    const entry = memory.agenda[memory.agendaHead]!;
    memory.agendaHead = (memory.agendaHead + 1) & mask;
    const of = entry >> 1;
    if ((entry & 1) === 1) {
      countStep(flow, flow.compiled.placeNode[of]!);
      memory.placeAsked[of] = 0;
      deliver(flow, of);
    } else {
      countStep(flow, of);
      memory.nodeAsked[of] = 0;
      wake(flow, of);
    }
  }
}

/** Asks those that wait for a node, in their order. */
export function wake(flow: FlowCore, at: number): void {
  const { memory, compiled } = flow;
  const node = compiled.nodes[at]!;
  if (node.feeder >= 0) return pull(flow, node);
  if (node.gathers !== ALONE) return gather(flow, node);
  if (node.kind === ROBOT) return robotRequested(flow, node);
  let link = memory.waitFirst[at]!;
  while (link >= 0) {
    const next = memory.linkNext[link]!;
    const place = compiled.linkPlace[link]!;
    if (compiled.placeRobot[place] === 1 && memory.phase[place] === EMPTY) {
      // an idle robot wants to know
      const robot = compiled.nodes[compiled.placeNode[place]!]!;
      waitNoMore(flow, robot, place);
      wakeSoon(memory, robot.index);
    } else if (hasRoom(flow, at, memory.outItem[place]!)) {
      if (memory.held[place] === 0) {
        const giver = compiled.nodes[compiled.placeNode[place]!]!;
        waitNoMore(flow, giver, place);
        hand(flow, giver, place, at);
      }
    } else if (node.limitsIn.length === 0) return;
    link = next;
  }
}

/** `wake` for a station that takes from its own slots alone. */
function pull(flow: FlowCore, node: FlowNode): void {
  const { memory, compiled, events } = flow;
  const at = node.index;
  const feeder = compiled.nodes[node.feeder]!;
  const from = feeder.index;
  const link = feeder.firstLink;
  if (memory.linkPrevious[link] === -2 || memory.open[at]! <= memory.reserved[at]!) return;
  const place = feeder.firstPlace;
  const item = memory.outItem[place]!;
  const next = memory.itemNext[item]!;
  const { now } = events;
  const stayed = now - memory.itemSince[item]!;
  memory.content[from]!--;
  memory.integral[from]! += now;
  memory.stay[from]! += stayed;
  if (stayed > 0) memory.waited[from]!++;
  memory.left[from]!++;
  memory.queueFirst[from] = next;
  memory.queueCount[from]!--;
  memory.itemNext[item] = -1;
  memory.outItem[place] = next;
  memory.entered[at]!++;
  memory.itemSince[item] = now;
  memory.integral[at]! -= now;
  if (++memory.content[at]! > memory.most[at]!) memory.most[at] = memory.content[at]!;
  // the next one goes on waiting; of several places another may take it
  if (next < 0 || node.places > 1) {
    memory.waitFirst[at] = -1;
    memory.waitLast[at] = -1;
    memory.linkPrevious[link] = -2;
    if (next < 0) {
      memory.queueLast[from] = -1;
      memory.phase[place] = EMPTY;
    } else offerSoon(memory, place);
  }
  if (memory.waitFirst[from]! >= 0) wakeSoon(memory, from);
  loadPlace(flow, node, item);
}
