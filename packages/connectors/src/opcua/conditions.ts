import {
  AttributeIds,
  CallMethodRequest,
  DataType,
  EventFilter,
  NodeId,
  QualifiedName,
  SimpleAttributeOperand,
  Variant,
  resolveNodeId,
} from "node-opcua";
import type { FoundCondition } from "@doppelwerk/world";
import { formatAddress, parseAddress, toNodeIdText } from "./address.ts";
import type { Link } from "./link.ts";
import { Monitor } from "./monitor.ts";

/**
 * A condition of a server (Part 9) as one number: bits of what stands. 0 = normal, and nobody has to look.
 * Its signal has the address `condition:` and the address of the condition's node.
 */
export const conditionState = { active: 1, unacknowledged: 2, unconfirmed: 4, disabled: 8, shelved: 16, suppressed: 32 } as const;

const PREFIX = "condition:";

export function conditionAddress(nodeAddress: string): string {
  return `${PREFIX}${nodeAddress}`;
}

/** The address of the condition's node; undefined when the address is that of a value. */
export function conditionNode(address: string): string | undefined {
  return address.startsWith(PREFIX) ? address.slice(PREFIX.length) : undefined;
}

/** The Server object: root of all notifiers (Part 5, 6.3.1). */
export const SERVER_NODE = "ns=0;i=2253";
const CONDITION_TYPE = "i=2782";
const CONDITION_REFRESH = "i=3875";
/** Types of events by their numbers in namespace 0; that of model changes has a general and a base type (Part 3, 9.32). */
const EVENTS: ReadonlyMap<unknown, PlainEvent> = new Map([
  [2787, "refreshStart"],
  [2788, "refreshEnd"],
  [2789, "refreshRequired"],
  [2132, "modelChange"],
  [2133, "modelChange"],
  [3035, "overflow"],
]);

type PlainEvent = "refreshStart" | "refreshEnd" | "refreshRequired" | "modelChange" | "overflow";

const BASE_EVENT = "i=2041";
/** In the order of the fields of an event: type that declares it, and path. */
const FIELDS = [
  [BASE_EVENT, ["EventId"]],
  [BASE_EVENT, ["EventType"]],
  [BASE_EVENT, ["SourceName"]],
  [BASE_EVENT, ["Time"]],
  [BASE_EVENT, ["Message"]],
  [BASE_EVENT, ["Severity"]],
  [CONDITION_TYPE, []],
  [CONDITION_TYPE, ["BranchId"]],
  [CONDITION_TYPE, ["ConditionName"]],
  [CONDITION_TYPE, ["Retain"]],
  [CONDITION_TYPE, ["EnabledState", "Id"]],
  ["i=2881", ["AckedState", "Id"]],
  ["i=2881", ["ConfirmedState", "Id"]],
  ["i=2915", ["ActiveState", "Id"]],
  ["i=2915", ["ShelvingState", "CurrentState", "Id"]],
  ["i=2915", ["SuppressedState", "Id"]],
  [CONDITION_TYPE, ["Comment"]],
  [CONDITION_TYPE, ["ClientUserId"]],
  [BASE_EVENT, ["SourceNode"]],
] as const;

/** The state of a shelving state machine in which nothing is shelved (Part 9, 5.8.17). */
const UNSHELVED = 2930;

export function conditionFilter(): EventFilter {
  return new EventFilter({
    selectClauses: FIELDS.map(
      ([type, path]) =>
        new SimpleAttributeOperand({
          typeDefinitionId: resolveNodeId(type),
          browsePath: path.map((name) => new QualifiedName({ name, namespaceIndex: 0 })),
          // the condition itself is a node, not a field of one
          attributeId: path.length === 0 ? AttributeIds.NodeId : AttributeIds.Value,
        }),
    ),
  });
}

export type ConditionEvent =
  | { readonly kind: PlainEvent | "other" }
  | {
      readonly kind: "condition";
      readonly eventId: Buffer;
      /** The server's own text of the condition's node. */
      readonly nodeId: string;
      /** Of an earlier state that still waits to be acknowledged (Part 9, 5.5.2); absent: the state as it is now. */
      readonly branch?: string;
      readonly source: string;
      /** The server's own text of the node that the condition is of; empty where it is not given. */
      readonly sourceNode: string;
      readonly name: string;
      readonly message: string;
      /** 1–1000 (Part 5, 6.4.2). */
      readonly severity: number;
      readonly time: Date | undefined;
      readonly retain: boolean;
      readonly state: number;
      readonly comment: string;
      /** Whose act the event follows, as the server names them. */
      readonly user: string;
    };

export type ConditionReport = Extract<ConditionEvent, { kind: "condition" }>;

/** What one event says. */
export function readEvent(fields: readonly Variant[]): ConditionEvent {
  const values: readonly unknown[] = FIELDS.map((_, n): unknown => fields[n]?.value);
  const [eventId, eventType, source, time, message, severity, node, branch, name, retain] = values;
  const [comment, user, sourceNode] = values.slice(16);
  const known = eventType instanceof NodeId && eventType.namespace === 0 ? EVENTS.get(eventType.value) : undefined;
  if (known !== undefined) return { kind: known };
  if (!(node instanceof NodeId) || node.isEmpty()) return { kind: "other" };
  return {
    kind: "condition",
    eventId: Buffer.isBuffer(eventId) ? eventId : Buffer.alloc(0),
    nodeId: nodeIdText(node),
    ...(branch instanceof NodeId && !branch.isEmpty() ? { branch: nodeIdText(branch) } : {}),
    source: typeof source === "string" ? source : "",
    sourceNode: sourceNode instanceof NodeId && !sourceNode.isEmpty() ? nodeIdText(sourceNode) : "",
    name: typeof name === "string" ? name : "",
    message: textIn(message),
    severity: typeof severity === "number" ? severity : 0,
    time: time instanceof Date ? time : undefined,
    retain: retain !== false,
    state: stateOf(values),
    comment: textIn(comment),
    user: typeof user === "string" ? user : "",
  };
}

function stateOf(values: readonly unknown[]): number {
  const [enabled, acked, confirmed, active, shelving, suppressed] = values.slice(10);
  if (enabled === false) return conditionState.disabled;
  const isShelved = shelving instanceof NodeId && !shelving.isEmpty() && shelving.value !== UNSHELVED;
  return (
    (active === true ? conditionState.active : 0) |
    (acked === false ? conditionState.unacknowledged : 0) |
    (confirmed === false ? conditionState.unconfirmed : 0) |
    (isShelved ? conditionState.shelved : 0) |
    (suppressed === true ? conditionState.suppressed : 0)
  );
}

function textIn(localized: unknown): string {
  const text = (localized as { text?: unknown } | null | undefined)?.text;
  return typeof text === "string" ? text : "";
}

function nodeIdText(node: NodeId): string {
  return node.toString().replace(/^(?!ns=)/, "ns=0;");
}

/** Asks the server to say all conditions that stand again (Part 9, 5.5.7). False when it knows no conditions. */
export async function refreshConditions(link: Link, subscriptionId: number): Promise<boolean> {
  try {
    const result = await link.session.call(
      new CallMethodRequest({
        objectId: resolveNodeId(CONDITION_TYPE),
        methodId: resolveNodeId(CONDITION_REFRESH),
        inputArguments: [new Variant({ dataType: DataType.UInt32, value: subscriptionId })],
      }),
    );
    return result.statusCode.isGood();
  } catch {
    return false;
  }
}

/** As a draft of a signal and what a person needs to decide about it. */
export function foundCondition(link: Pick<Link, "namespaces">, event: ConditionReport): FoundCondition {
  const node = parseAddress(event.nodeId)!;
  const { source, name, message, severity, state } = event;
  const uri = link.namespaces[node.namespaceIndex ?? 0] ?? "";
  return {
    address: conditionAddress(formatAddress(node.namespaceIndex === 0 ? undefined : uri, node.identifier)),
    source,
    name,
    message,
    severity,
    state,
  };
}

/** The server's own text of a condition's node; undefined when the address is none or its namespace is unknown. */
export function conditionNodeId(address: string, namespaces: readonly string[]): string | undefined {
  const node = conditionNode(address);
  const parsed = node === undefined ? undefined : parseAddress(node);
  return parsed && toNodeIdText(parsed, namespaces);
}

/** What of `link`'s server stands as a condition, heard by one refresh. Conditions that are normal and never were anything else say nothing. */
export async function refreshedConditions(link: Link, withinMs: number): Promise<readonly FoundCondition[]> {
  const found = new Map<string, FoundCondition>();
  const ended = Promise.withResolvers<void>();
  const monitor = new Monitor(
    { publishingIntervalMs: 100, samplingIntervalMs: 0, queueSize: 2, silenceMs: 60_000 },
    {
      value() {},
      change() {},
      settled() {},
      missed() {},
      refused: () => ended.resolve(),
      event(_index, fields) {
        const event = readEvent(fields);
        if (event.kind === "refreshEnd") ended.resolve();
        if (event.kind !== "condition" || event.branch !== undefined) return;
        const condition = foundCondition(link, event);
        found.set(condition.address, condition);
      },
    },
  );
  await monitor.attach(link, [{ nodeId: SERVER_NODE, index: 0, events: conditionFilter() }]);
  const subscription = monitor.subscriptionOf(0);
  if (subscription === undefined || !(await refreshConditions(link, subscription))) return [];
  const timer = setTimeout(() => ended.resolve(), withinMs);
  await ended.promise;
  clearTimeout(timer);
  return [...found.values()];
}
