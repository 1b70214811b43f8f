import { AttributeIds, ClientMonitoredItemGroup, ClientSubscription, StatusCodes, TimestampsToReturn } from "node-opcua";
import type { DataValue } from "node-opcua";
import type { Link } from "./link.ts";

export interface MonitoredNode {
  readonly nodeId: string;
  /** Position in the list that was given to the listener's owner. */
  readonly index: number;
}

export interface MonitorOptions {
  readonly publishingIntervalMs: number;
  /** 0 = on exception, as fast as the server can. */
  readonly samplingIntervalMs: number;
  readonly queueSize: number;
  /** A subscription that says nothing for so long, not even keep-alive, is dead. */
  readonly silenceMs: number;
}

export interface MonitorListener {
  value(index: number, value: DataValue): void;
  /** All values of one notification were handed over. */
  settled(): void;
  refused(index: number, reason: string): void;
}

const MOST_SUBSCRIPTIONS = 16;

/** Monitors all nodes with as few subscriptions as the server allows, and fails the link when one of them dies or falls silent. */
export async function monitorNodes(
  link: Link,
  nodes: readonly MonitoredNode[],
  options: MonitorOptions,
  listener: MonitorListener,
): Promise<void> {
  let rest = nodes;
  for (let n = 0; rest.length > 0 && n < MOST_SUBSCRIPTIONS; n++) {
    const subscription = await openSubscription(link, options);
    const left = await fill(link, subscription, rest, options, listener);
    if (left.length === rest.length) break;
    rest = left;
  }
  for (const node of rest) listener.refused(node.index, "the server takes no more monitored items");
}

async function openSubscription(link: Link, options: MonitorOptions): Promise<ClientSubscription> {
  const keepAliveCount = Math.max(1, Math.round(Math.min(1_000, options.silenceMs / 4) / options.publishingIntervalMs));
  const subscription = await link.session.createSubscription2({
    requestedPublishingInterval: options.publishingIntervalMs,
    requestedMaxKeepAliveCount: keepAliveCount,
    requestedLifetimeCount: Math.max(keepAliveCount * 10, 600),
    maxNotificationsPerPublish: 0,
    publishingEnabled: true,
    priority: 10,
  });
  watch(link, subscription, options.silenceMs);
  return subscription;
}

function watch(link: Link, subscription: ClientSubscription, silenceMs: number): void {
  const allowed = Math.max(silenceMs, subscription.publishingInterval * subscription.maxKeepAliveCount * 3);
  let timer = setTimeout(() => link.fail("the subscription fell silent"), allowed);
  const alive = (): void => void timer.refresh();
  subscription.on("keepalive", alive);
  subscription.on("received_notifications", alive);
  subscription.on("status_changed", (status: { toString(): string }) => link.fail(`subscription: ${status.toString()}`));
  subscription.on("terminated", () => link.fail("subscription terminated"));
  void link.lost.then(() => clearTimeout(timer));
}

/** Adds nodes call by call; returns those that did not fit any more. */
async function fill(
  link: Link,
  subscription: ClientSubscription,
  nodes: readonly MonitoredNode[],
  options: MonitorOptions,
  listener: MonitorListener,
): Promise<readonly MonitoredNode[]> {
  const left: MonitoredNode[] = [];
  let full = false;
  for (let from = 0; from < nodes.length; from += link.limits.itemsPerCall) {
    const chunk = nodes.slice(from, from + link.limits.itemsPerCall);
    if (full) {
      left.push(...chunk);
      continue;
    }
    const group = await monitorChunk(subscription, chunk, options, listener);
    for (const [position, item] of group.monitoredItems.entries()) {
      const status = item.statusCode;
      if (status.isGood()) continue;
      if (status.equals(StatusCodes.BadTooManyMonitoredItems)) {
        full = true;
        left.push(chunk[position]!);
      } else listener.refused(chunk[position]!.index, status.name);
    }
  }
  return left;
}

async function monitorChunk(
  subscription: ClientSubscription,
  chunk: readonly MonitoredNode[],
  options: MonitorOptions,
  listener: MonitorListener,
): Promise<ClientMonitoredItemGroup> {
  const group = ClientMonitoredItemGroup.create(
    subscription,
    chunk.map((node) => ({ nodeId: node.nodeId, attributeId: AttributeIds.Value })),
    { samplingInterval: options.samplingIntervalMs, queueSize: options.queueSize, discardOldest: true },
    TimestampsToReturn.Both,
  );
  let scheduled = false;
  group.on("changed", (_item, value, position) => {
    listener.value(chunk[position]!.index, value);
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(() => {
      scheduled = false;
      listener.settled();
    });
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  group.on("initialized", resolve);
  group.on("err", (message) => reject(new Error(message)));
  await promise;
  return group;
}
