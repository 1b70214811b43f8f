import { message, textOf, type Message } from "@doppelwerk/messages";
import { coerceNodeId, DataType, LocalizedText, makeBrowsePath, StatusCodes, Variant, type NodeId } from "node-opcua";
import {
  conditionFilter,
  conditionNodeId,
  conditionState,
  readEvent,
  refreshConditions,
  SERVER_NODE,
  type ConditionReport,
} from "../opcua/conditions.ts";
import type { Link } from "../opcua/link.ts";
import { Monitor } from "../opcua/monitor.ts";
import type { Called, CallInput } from "./write-order.ts";

/** What is done to a condition, by the names that a command has for it (Part 9, 5.5.6, 5.7.3, 5.7.4 and 5.8.17). */
export const CONDITION_ACTS = ["acknowledge", "confirm", "comment", "shelve", "shelveOnce", "unshelve"] as const;
export type ConditionAct = (typeof CONDITION_ACTS)[number];

export function isConditionAct(method: string): method is ConditionAct {
  return (CONDITION_ACTS as readonly string[]).includes(method);
}

export type SendCall = (link: Link, object: NodeId, method: NodeId, inputs: Variant[]) => Promise<Called>;

interface ActOrder {
  /** Address of the condition. */
  readonly address: string;
  readonly act: ConditionAct;
  /** A comment, and the event that is answered (absent: the newest); for `shelve` the seconds. */
  readonly inputs: readonly CallInput[];
  readonly withinMs: number;
  readonly send: SendCall;
}

const METHODS = { acknowledge: "ns=0;i=9111", confirm: "ns=0;i=9113", comment: "ns=0;i=9029" } as const;
const SHELVING = { shelve: "TimedShelve", shelveOnce: "OneShotShelve", unshelve: "Unshelve" } as const;
const SHELVING_METHODS = { shelve: "ns=0;i=2949", shelveOnce: "ns=0;i=2948", unshelve: "ns=0;i=2947" } as const;
const MAX_SHELVED_S = 7 * 86_400;

/** What is answered is what was heard of by a refresh: an older event would acknowledge what nobody has seen. The state is read back. */
export async function actOnCondition(link: Link, order: ActOrder): Promise<Called> {
  const nodeId = conditionNodeId(order.address, link.namespaces);
  if (nodeId === undefined) return refused(message("connectors.conditionUnknown"));
  const { act } = order;
  if (act === "shelve" || act === "shelveOnce" || act === "unshelve") return shelve(link, nodeId, act, order);
  const heard = await hearCondition(link, nodeId, order.withinMs);
  if (heard === undefined) return refused(message("connectors.conditionRefreshFailed"));
  const event = heard.eventOf(act, order.inputs[1]);
  if ("code" in event) return refused(event);
  const answer = await order.send(link, coerceNodeId(nodeId), coerceNodeId(METHODS[act]), [
    new Variant({ dataType: DataType.ByteString, value: event.eventId }),
    new Variant({ dataType: DataType.LocalizedText, value: new LocalizedText({ text: String(order.inputs[0] ?? "") }) }),
  ]);
  if (answer.kind === "refused" && textOf(answer.why) === StatusCodes.BadConditionBranchAlreadyAcked.name)
    return refused(message("connectors.conditionAcknowledgedByOther"));
  if (answer.kind !== "called") return answer;
  const bit = bitOf(act);
  const holds = (): boolean =>
    bit === 0
      ? heard.newest(event.branch)?.eventId.equals(event.eventId) === false
      : ((heard.newest(event.branch)?.state ?? 0) & bit) === 0;
  await heard.until(holds);
  return { kind: "called", outputs: [holds()] };
}

function refused(why: Message): Called {
  return { kind: "refused", why };
}

function bitOf(act: ConditionAct): number {
  return act === "acknowledge" ? conditionState.unacknowledged : act === "confirm" ? conditionState.unconfirmed : 0;
}

/** The methods lie on the state machine below the condition; a server that does not show it takes them on the condition itself (Part 9, 5.8.17.4). */
async function shelve(link: Link, nodeId: string, act: keyof typeof SHELVING, { inputs, withinMs, send }: ActOrder): Promise<Called> {
  const seconds = inputs[0];
  if (act === "shelve" && !(typeof seconds === "number" && seconds > 0 && seconds <= MAX_SHELVED_S))
    return refused(message("connectors.conditionShelveDuration"));
  const found = await below(link, nodeId, ["ShelvingState"]);
  const method = found && (await below(link, nodeId, ["ShelvingState", SHELVING[act]]));
  const heard = await hearCondition(link, nodeId, withinMs);
  if (heard === undefined) return refused(message("connectors.conditionRefreshFailed"));
  const answer = await send(
    link,
    found ?? coerceNodeId(nodeId),
    method ?? coerceNodeId(SHELVING_METHODS[act]),
    // a Duration is milliseconds
    act === "shelve" ? [new Variant({ dataType: DataType.Double, value: (seconds as number) * 1_000 })] : [],
  );
  if (answer.kind === "refused" && found === undefined) return refused(message("connectors.conditionNotShelvable"));
  if (answer.kind !== "called") return answer;
  const wanted = act === "unshelve" ? 0 : conditionState.shelved;
  const holds = (): boolean => ((heard.newest(undefined)?.state ?? 0) & conditionState.shelved) === wanted;
  await heard.until(holds);
  return { kind: "called", outputs: [holds()] };
}

async function below(link: Link, nodeId: string, path: readonly string[]): Promise<NodeId | undefined> {
  const { targets, statusCode } = await link.session.translateBrowsePath(makeBrowsePath(nodeId, path.map((name) => `.${name}`).join("")));
  return statusCode.isGood() ? targets?.[0]?.targetId : undefined;
}

interface HeardCondition {
  /** Of a branch; undefined: of the state as it is. */
  newest(branch: string | undefined): ConditionReport | undefined;
  /** The event that an act answers, or why there is none. */
  eventOf(act: ConditionAct, wanted: CallInput | undefined): ConditionReport | Message;
  until(holds: () => boolean): Promise<boolean>;
}

/** Listens to one condition, and has heard what stands of it. Undefined where the server does not say. */
async function hearCondition(link: Link, nodeId: string, withinMs: number): Promise<HeardCondition | undefined> {
  const events = new Map<string, ConditionReport>();
  let refreshed = false;
  let heard: () => void = () => {};
  const monitor = new Monitor(
    { publishingIntervalMs: 50, samplingIntervalMs: 0, queueSize: 2, silenceMs: 60_000 },
    {
      value() {},
      change() {},
      settled() {},
      missed() {},
      refused() {},
      event(_index, fields) {
        const event = readEvent(fields);
        if (event.kind === "condition" && event.nodeId === nodeId) events.set(event.branch ?? "", event);
        refreshed ||= event.kind === "refreshEnd";
        if (event.kind === "condition" || refreshed) heard();
      },
    },
  );
  await monitor.attach(link, [{ nodeId: SERVER_NODE, index: 0, events: conditionFilter() }]);
  const until = async (holds: () => boolean): Promise<boolean> => {
    const end = performance.now() + withinMs;
    while (!holds() && performance.now() < end) {
      const { promise, resolve } = Promise.withResolvers<void>();
      heard = resolve;
      const timer = setTimeout(resolve, end - performance.now());
      await promise;
      clearTimeout(timer);
    }
    return holds();
  };
  const subscription = monitor.subscriptionOf(0);
  if (subscription === undefined || !(await refreshConditions(link, subscription))) return undefined;
  await until(() => refreshed);
  return { newest: (branch) => events.get(branch ?? ""), eventOf: (act, wanted) => eventOf(events, act, wanted), until };
}

function eventOf(
  events: ReadonlyMap<string, ConditionReport>,
  act: ConditionAct,
  wanted: CallInput | undefined,
): ConditionReport | Message {
  if (events.size === 0) return message("connectors.conditionGone");
  const all = [...events.values()];
  if (typeof wanted === "string" && wanted !== "") {
    const eventId = Buffer.from(wanted, "hex");
    const heard = all.find((event) => event.eventId.equals(eventId));
    // some servers leave earlier states out of a refresh: whether it is still open they say themselves
    return heard ?? (eventId.length > 0 ? { ...all[0]!, eventId, branch: wanted } : message("connectors.conditionEventGone"));
  }
  const bit = bitOf(act);
  const trunk = events.get("");
  // the present state before earlier ones, and of those the oldest
  const found =
    trunk !== undefined && (bit === 0 || (trunk.state & bit) !== 0)
      ? trunk
      : oldest(all.filter(({ state }) => bit === 0 || (state & bit) !== 0));
  if (found !== undefined) return found;
  return act === "confirm" ? message("connectors.conditionNotToConfirm") : message("connectors.conditionNotToAcknowledge");
}

function oldest(events: readonly ConditionReport[]): ConditionReport | undefined {
  return events.toSorted((a, b) => (a.time?.getTime() ?? 0) - (b.time?.getTime() ?? 0))[0];
}
