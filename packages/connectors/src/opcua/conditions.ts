import {
  AttributeIds,
  CallMethodRequest,
  DataType,
  DataValue,
  EventFilter,
  NodeId,
  QualifiedName,
  SimpleAttributeOperand,
  StatusCodes,
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
export const conditionState = { active: 1, unacknowledged: 2, unconfirmed: 4, disabled: 8 } as const;

/** Names of the states, as the enumeration of such a signal. */
export const CONDITION_STATES: readonly { readonly value: number; readonly name: string }[] = [
  { value: 0, name: "normal" },
  ...Array.from({ length: 7 }, (_, i) => i + 1).map((value) => ({
    value,
    name: [
      (value & 1) === 0 ? "inactive" : "active",
      ...((value & 2) === 0 ? [] : ["unacknowledged"]),
      ...((value & 4) === 0 ? [] : ["unconfirmed"]),
    ].join(", "),
  })),
  { value: 8, name: "disabled" },
];

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
const EVENTS: ReadonlyMap<unknown, "refreshStart" | "refreshEnd" | "refreshRequired" | "modelChange"> = new Map([
  [2787, "refreshStart"],
  [2788, "refreshEnd"],
  [2789, "refreshRequired"],
  [2132, "modelChange"],
  [2133, "modelChange"],
]);

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
] as const;

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
  | { readonly kind: "refreshStart" | "refreshEnd" | "refreshRequired" | "modelChange" | "other" }
  | {
      readonly kind: "condition";
      readonly eventId: Buffer;
      /** The server's own text of the condition's node. */
      readonly nodeId: string;
      readonly source: string;
      readonly name: string;
      readonly message: string;
      /** 1–1000 (Part 5, 6.4.2). */
      readonly severity: number;
      readonly time: Date | undefined;
      readonly state: number;
    };

/** What one event says; a branch (an earlier state that still waits to be acknowledged) is `other`. */
export function readEvent(fields: readonly Variant[]): ConditionEvent {
  const at = (n: number): unknown => fields[n]?.value;
  const [eventId, eventType, source, time, message, severity, node, branch, name, , enabled, acked, confirmed, active] = FIELDS.map(
    (_, n) => at(n),
  );
  const known = eventType instanceof NodeId && eventType.namespace === 0 ? EVENTS.get(eventType.value) : undefined;
  if (known !== undefined) return { kind: known };
  if (!(node instanceof NodeId) || node.isEmpty() || (branch instanceof NodeId && !branch.isEmpty())) return { kind: "other" };
  const state =
    enabled === false
      ? conditionState.disabled
      : (active === true ? conditionState.active : 0) |
        (acked === false ? conditionState.unacknowledged : 0) |
        (confirmed === false ? conditionState.unconfirmed : 0);
  return {
    kind: "condition",
    eventId: Buffer.isBuffer(eventId) ? eventId : Buffer.alloc(0),
    nodeId: nodeIdText(node),
    source: typeof source === "string" ? source : "",
    name: typeof name === "string" ? name : "",
    message: (message as { text?: string | null } | null)?.text ?? "",
    severity: typeof severity === "number" ? severity : 0,
    time: time instanceof Date ? time : undefined,
    state,
  };
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

export interface ConditionListener {
  /** `value` is of type Int32 and has the time of the event. */
  state(nodeId: string, value: DataValue): void;
  /** A condition that no signal stands for. */
  unknown(event: Extract<ConditionEvent, { kind: "condition" }>): void;
  refreshRequired(): void;
  modelChange(): void;
}

/** Follows conditions over refreshes: one that a refresh does not mention is normal again. */
export class ConditionWatch {
  readonly #nodeIds: ReadonlySet<string>;
  readonly #listener: ConditionListener;
  readonly #states = new Map<string, number>();
  #mentioned: Set<string> | undefined;

  constructor(nodeIds: ReadonlySet<string>, listener: ConditionListener) {
    this.#nodeIds = nodeIds;
    this.#listener = listener;
  }

  event(fields: readonly Variant[]): void {
    const event = readEvent(fields);
    switch (event.kind) {
      case "refreshStart":
        this.#mentioned = new Set();
        return;
      case "refreshEnd":
        for (const nodeId of this.#nodeIds) if (this.#mentioned?.has(nodeId) === false) this.#say(nodeId, 0, undefined);
        this.#mentioned = undefined;
        return;
      case "refreshRequired":
        return this.#listener.refreshRequired();
      case "modelChange":
        return this.#listener.modelChange();
      case "condition":
        this.#mentioned?.add(event.nodeId);
        if (this.#nodeIds.has(event.nodeId)) this.#say(event.nodeId, event.state, event.time);
        else this.#listener.unknown(event);
        return;
      case "other":
    }
  }

  /** A refresh says again what is known, with the time it began: that is no news. */
  #say(nodeId: string, state: number, time: Date | undefined): void {
    if (this.#states.get(nodeId) === state) return;
    this.#states.set(nodeId, state);
    this.#listener.state(nodeId, valueOf(state, time ?? new Date()));
  }
}

function valueOf(state: number, time: Date): DataValue {
  return new DataValue({
    value: new Variant({ dataType: DataType.Int32, value: state }),
    statusCode: StatusCodes.Good,
    sourceTimestamp: time,
  });
}

/** As a draft of a signal and what a person needs to decide about it. */
export function foundCondition(link: Pick<Link, "namespaces">, event: Extract<ConditionEvent, { kind: "condition" }>): FoundCondition {
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
        if (event.kind !== "condition") return;
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
