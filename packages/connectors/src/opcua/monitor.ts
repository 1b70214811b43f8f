import { setTimeout as sleep } from "node:timers/promises";
import { message, verbatim, type Message } from "@doppelwerk/messages";
import {
  AttributeIds,
  CreateMonitoredItemsRequest,
  DataChangeNotification,
  EventNotificationList,
  ModifyMonitoredItemsRequest,
  MonitoringMode,
  PublishRequest,
  RepublishRequest,
  StatusChangeNotification,
  StatusCodes,
  TimestampsToReturn,
  TransferSubscriptionsRequest,
  promoteOpaqueStructure,
  type ClientSession,
  type CreateMonitoredItemsResponse,
  type CreateSubscriptionRequestOptions,
  type CreateSubscriptionResponse,
  type DataValue,
  type EventFilter,
  type MonitoredItemNotification,
  type NotificationMessage,
  type PublishResponse,
  type RepublishResponse,
  type TransferSubscriptionsResponse,
  type Variant,
} from "node-opcua";
import { isTooMuch, readAll } from "./ask-server.ts";
import { changesOf, type ChangeColumns } from "./change-columns.ts";
import { rawKind } from "./history-columns.ts";
import type { Link } from "./link.ts";
import { reasonOf } from "../samples/reason-of.ts";
import { QuietWatch, shown, type QuietNode } from "./quiet-watch.ts";

export interface MonitoredNode {
  readonly nodeId: string;
  /** Position in the list that was given to the listener's owner. */
  readonly index: number;
  /** Values of structures of the server's own types are decoded before they are handed over. */
  readonly structured?: boolean;
  /** Events of the node instead of its value, one list of fields each. */
  readonly events?: EventFilter;
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
  /** `standing`: it was read, and may be old. */
  value(index: number, value: DataValue, standing?: boolean): void;
  /** A plain value, as the row of a notification. */
  change(index: number, columns: ChangeColumns, row: number): void;
  event?(index: number, fields: readonly Variant[]): void;
  /** The subscriptions of before go on: what comes from now on are changes, and no first values. */
  resumed?(): void;
  /** All values of one notification were handed over. */
  settled(): void;
  refused(index: number, reason: Message): void;
  /** So many values fit into no subscription: they are read again and again. */
  polled?(count: number): void;
  /** So many notifications were sent and are not to be had any more. */
  missed(notifications: number): void;
}

interface Subscription {
  readonly id: number;
  /** Of the last notification that was taken; 0 = none yet. */
  sequence: number;
  readonly keepAliveMs: number;
  /** Of the nodes that are monitored in it, with the ids of their items. */
  readonly handles: Map<number, number>;
}

const MAX_SUBSCRIPTIONS = 16;
const MAX_PENDING = 16;
const LAST_SEQUENCE = 4_294_967_295;
const MAX_REPUBLISHED = 200;

/** The services of a session as the standard has them (Part 4, 5.13 and 5.14), which the library declares on its implementation only. */
interface SubscriptionServices {
  createSubscription(request: CreateSubscriptionRequestOptions): Promise<CreateSubscriptionResponse>;
  createMonitoredItems(request: CreateMonitoredItemsRequest): Promise<CreateMonitoredItemsResponse>;
  modifyMonitoredItems(request: ModifyMonitoredItemsRequest): Promise<unknown>;
  transferSubscriptions(request: TransferSubscriptionsRequest): Promise<TransferSubscriptionsResponse>;
  publish(request: PublishRequest, callback: (error: Error | null, response?: PublishResponse) => void): void;
  republish(request: RepublishRequest, callback: (error: Error | null, response?: RepublishResponse) => void): void;
}

/**
 * The monitored items of one connection, over all its links. After a loss the subscriptions are taken up again, in the session they were made in or by
 * TransferSubscriptions (Part 4, 5.14.7) in a new one, and what the server queued meanwhile is fetched; where it lost them, they are made anew.
 */
export class Monitor {
  readonly #options: MonitorOptions;
  readonly #listener: MonitorListener;
  #nodes: readonly MonitoredNode[] = [];
  #subscriptions: readonly Subscription[] = [];
  #acknowledgements: { subscriptionId: number; sequenceNumber: number }[] = [];
  #link: Link | undefined;
  /** When the server began to run that the subscriptions were made on. */
  #serverStart: number | undefined;
  #pendingMost = 0;
  #pending = 0;
  /** Handles of nodes of which nothing was received since the subscriptions were taken up again. */
  #unheard = new Set<number>();
  /** Of nodes that report by exception, where that is not proven yet. */
  #quiet: QuietWatch | undefined;
  /** The server does not tell changes by itself: it is asked to sample. */
  #sampled = false;
  #timers: ReadonlyMap<number, NodeJS.Timeout> = new Map();
  /** Handles of nodes that fit into no subscription. */
  #polled: readonly number[] = [];

  constructor(options: MonitorOptions, listener: MonitorListener) {
    this.#options = options;
    this.#listener = listener;
  }

  /** Monitors all nodes with as few subscriptions as the server allows, and fails the link when one of them dies or falls silent. True = resumed. */
  async attach(link: Link, nodes: readonly MonitoredNode[]): Promise<boolean> {
    this.#acknowledgements = [];
    this.#pending = 0;
    this.#link = link;
    this.#unheard.clear();
    const resumed = sameNodes(nodes, this.#nodes) && (await this.#resume(link));
    this.#nodes = nodes;
    if (!resumed) await this.#subscribe(link);
    this.#watch(link);
    this.#poll(link).catch((error: unknown) => link.fail(reasonOf(error), true));
    this.#pendingMost = Math.min(MAX_PENDING, 3 + this.#subscriptions.length);
    this.#replenish(link);
    if (resumed) {
      this.#hearStanding(link);
      this.#beginWatchQuiet(link);
    }
    return resumed;
  }

  /** Id of the subscription that the node of this index is monitored in; undefined when the server refused it. */
  subscriptionOf(index: number): number | undefined {
    const handle = this.#nodes.findIndex((node) => node.index === index);
    return this.#subscriptions.find(({ handles }) => handles.has(handle))?.id;
  }

  async #resume(link: Link): Promise<boolean> {
    if (this.#subscriptions.length === 0) return false;
    if (!link.resumed && !(await this.#transfer(link))) return false;
    this.#listener.resumed?.();
    for (const subscription of this.#subscriptions) if (!(await this.#fetch(link, subscription, LAST_SEQUENCE))) return false;
    return true;
  }

  /** What did not change while the way was cut is in no queue, and few servers say it again by themselves: it is read. */
  #hearStanding(link: Link): void {
    const subscribed = this.#subscriptions.flatMap(({ handles }) => [...handles.keys()]);
    this.#unheard = new Set(subscribed.filter((handle) => this.#nodes[handle]!.events === undefined));
    // what was queued comes first
    const read = (): void => {
      if (link.isAlive()) this.#readUnheard(link).catch((error: unknown) => link.fail(reasonOf(error), true));
    };
    setTimeout(read, QUEUE_DRAINS_MS);
  }

  async #readUnheard(link: Link): Promise<void> {
    const handles = [...this.#unheard];
    const values = await readAll(
      link,
      handles.map((handle) => ({ nodeId: this.#nodes[handle]!.nodeId, attributeId: AttributeIds.Value })),
    );
    for (const [n, handle] of handles.entries())
      if (this.#unheard.delete(handle)) this.#listener.value(this.#nodes[handle]!.index, values[n]!, true);
    this.#listener.settled();
  }

  /** All or none: a part of them would be a plant half received. */
  async #transfer(link: Link): Promise<boolean> {
    // another server under this address, or the same one after a restart, has others' subscriptions under these ids
    if (link.serverStart === undefined || link.serverStart !== this.#serverStart) return false;
    try {
      const { results } = await servicesOf(link).transferSubscriptions(
        new TransferSubscriptionsRequest({ subscriptionIds: this.#subscriptions.map(({ id }) => id), sendInitialValues: true }),
      );
      return results?.length === this.#subscriptions.length && results.every(({ statusCode }) => statusCode.isGood());
    } catch {
      return false;
    }
  }

  /** Republish (Part 4, 5.14.6) of what was sent after the last that was taken, up to `end` exclusive. False when the server lost the subscription. */
  async #fetch(link: Link, subscription: Subscription, end: number): Promise<boolean> {
    for (let n = 0; n < MAX_REPUBLISHED; n++) {
      const next = after(subscription.sequence);
      if (next === end) return true;
      const answer = await republish(link, subscription.id, next);
      if (answer === "gone") return false;
      if (answer === "none") return true;
      this.#acknowledgements.push({ subscriptionId: subscription.id, sequenceNumber: next });
      subscription.sequence = next;
      await this.#hand(link, answer);
    }
    return true;
  }

  async #subscribe(link: Link): Promise<void> {
    this.#serverStart = link.serverStart;
    const made: Subscription[] = [];
    const byException: QuietNode[] = [];
    this.#subscriptions = made;
    let rest: readonly number[] = this.#nodes.map((_, handle) => handle);
    for (let n = 0; rest.length > 0 && n < MAX_SUBSCRIPTIONS; n++) {
      const subscription = await this.#open(link);
      if (subscription === undefined) break;
      made.push(subscription);
      const left = await this.#fill(link, subscription, rest, byException);
      if (left.length === rest.length) break;
      rest = left;
    }
    this.#polled = rest.filter((handle) => this.#nodes[handle]!.events === undefined);
    if (this.#polled.length > 0) this.#listener.polled?.(this.#polled.length);
    for (const handle of rest)
      if (this.#nodes[handle]!.events !== undefined)
        this.#listener.refused(this.#nodes[handle]!.index, message("connectors.monitoredItemsExhausted"));
    this.#quiet = byException.length > 0 ? new QuietWatch(byException) : undefined;
    this.#beginWatchQuiet(link);
  }

  /** What the server takes into no subscription (small PLCs take few items, some none) is read; what did not change is not said again. */
  async #poll(link: Link): Promise<void> {
    const handles = this.#polled;
    const said = new Map<number, string>();
    while (handles.length > 0 && link.isAlive()) {
      const begun = performance.now();
      const values = await readAll(
        link,
        handles.map((handle) => ({ nodeId: this.#nodes[handle]!.nodeId, attributeId: AttributeIds.Value })),
      );
      for (const [n, handle] of handles.entries()) {
        if (said.get(handle) === shown(values[n]!)) continue;
        said.set(handle, shown(values[n]!));
        this.#listener.value(this.#nodes[handle]!.index, values[n]!);
      }
      this.#listener.settled();
      // a server that answers slowly has as long a rest
      const wait = Math.max(POLLED_EVERY_MS, performance.now() - begun);
      await Promise.race([sleep(wait, undefined, { ref: false }), link.lost]);
    }
  }

  #beginWatchQuiet(link: Link): void {
    this.#watchQuiet(link).catch(() => {
      // what is monitored already goes on; where the link is lost, the next one watches again
    });
  }

  async #watchQuiet(link: Link): Promise<void> {
    if ((await this.#quiet?.findsUntold(link)) !== true) return;
    this.#sampled = true;
    this.#quiet = undefined;
    for (const { id, handles } of this.#subscriptions) {
      const items = [...handles].filter(([handle]) => this.#nodes[handle]!.events === undefined);
      for (let from = 0; from < items.length; from += link.limits.itemsPerCall)
        await servicesOf(link).modifyMonitoredItems(
          new ModifyMonitoredItemsRequest({
            subscriptionId: id,
            timestampsToReturn: TimestampsToReturn.Both,
            itemsToModify: items.slice(from, from + link.limits.itemsPerCall).map(([clientHandle, monitoredItemId]) => ({
              monitoredItemId,
              requestedParameters: { clientHandle, ...this.#sampling() },
            })),
          }),
        );
    }
  }

  #sampling(): { readonly samplingInterval: number; readonly queueSize: number; readonly discardOldest: boolean } {
    const { samplingIntervalMs, publishingIntervalMs, queueSize } = this.#options;
    const samplingInterval = this.#sampled && samplingIntervalMs === 0 ? publishingIntervalMs : samplingIntervalMs;
    return { samplingInterval, queueSize, discardOldest: true };
  }

  /** Undefined where the server gives no (further) subscription. */
  async #open(link: Link): Promise<Subscription | undefined> {
    const { publishingIntervalMs, silenceMs } = this.#options;
    const keepAliveCount = Math.max(1, Math.round(Math.min(1_000, silenceMs / 4) / publishingIntervalMs));
    const request: CreateSubscriptionRequestOptions = {
      requestedPublishingInterval: publishingIntervalMs,
      requestedMaxKeepAliveCount: keepAliveCount,
      // the server keeps what happens while the way to it is cut
      requestedLifetimeCount: Math.max(keepAliveCount * 10, Math.ceil(LIFETIME_MS / publishingIntervalMs)),
      maxNotificationsPerPublish: 0,
      publishingEnabled: true,
      priority: 10,
    };
    let answer: CreateSubscriptionResponse;
    try {
      answer = await servicesOf(link).createSubscription(request);
    } catch (error) {
      if (error instanceof Error && NO_SUBSCRIPTION.test(error.message)) return undefined;
      throw error;
    }
    return {
      id: answer.subscriptionId,
      sequence: 0,
      keepAliveMs: answer.revisedPublishingInterval * answer.revisedMaxKeepAliveCount,
      handles: new Map(),
    };
  }

  /** Adds nodes call by call; returns those that did not fit any more. */
  async #fill(link: Link, subscription: Subscription, handles: readonly number[], byException: QuietNode[]): Promise<readonly number[]> {
    const left: number[] = [];
    let full = false;
    for (let from = 0; from < handles.length;) {
      const chunk = handles.slice(from, from + link.limits.itemsPerCall);
      if (full) {
        left.push(...handles.slice(from));
        break;
      }
      let results: CreateMonitoredItemsResponse["results"];
      try {
        ({ results } = await servicesOf(link).createMonitoredItems(this.#request(subscription, chunk)));
      } catch (error) {
        // servers take less than they declare, or declare nothing
        if (!isTooMuch(error) || chunk.length === 1) throw error;
        link.limits.itemsPerCall = chunk.length >> 1;
        continue;
      }
      from += chunk.length;
      for (const [position, handle] of chunk.entries()) {
        const status = results?.[position]?.statusCode ?? StatusCodes.BadUnexpectedError;
        if (status.isGood()) {
          const { monitoredItemId, revisedSamplingInterval } = results![position]!;
          subscription.handles.set(handle, monitoredItemId);
          const { nodeId, events } = this.#nodes[handle]!;
          if (revisedSamplingInterval === 0 && events === undefined) byException.push({ handle, nodeId });
          continue;
        }
        if (status.equals(StatusCodes.BadTooManyMonitoredItems)) {
          full = true;
          left.push(handle);
        } else this.#listener.refused(this.#nodes[handle]!.index, verbatim(status.name));
      }
    }
    return left;
  }

  #request(subscription: Subscription, handles: readonly number[]): CreateMonitoredItemsRequest {
    return new CreateMonitoredItemsRequest({
      subscriptionId: subscription.id,
      timestampsToReturn: TimestampsToReturn.Both,
      itemsToCreate: handles.map((clientHandle) => {
        const { nodeId, events } = this.#nodes[clientHandle]!;
        return {
          itemToMonitor: { nodeId, attributeId: events === undefined ? AttributeIds.Value : AttributeIds.EventNotifier },
          monitoringMode: MonitoringMode.Reporting,
          requestedParameters:
            events === undefined
              ? { clientHandle, ...this.#sampling() }
              : { clientHandle, samplingInterval: 0, queueSize: EVENTS_KEPT, discardOldest: true, filter: events },
        };
      }),
    });
  }

  #watch(link: Link): void {
    const timers = new Map(
      this.#subscriptions.map(({ id, keepAliveMs }) => {
        const allowed = Math.max(this.#options.silenceMs, keepAliveMs * 3);
        return [id, setTimeout(() => link.fail(message("connectors.subscriptionFellSilent"), true), allowed)] as const;
      }),
    );
    this.#timers = timers;
    void link.lost.then(() => timers.forEach((timer) => clearTimeout(timer)));
  }

  #replenish(link: Link): void {
    while (this.#pending < this.#pendingMost && this.#subscriptions.length > 0 && link.isAlive() && link === this.#link) {
      this.#pending++;
      const subscriptionAcknowledgements = this.#acknowledgements;
      this.#acknowledgements = [];
      const request = new PublishRequest({ requestHeader: { timeoutHint: PUBLISH_TIMEOUT_MS }, subscriptionAcknowledgements });
      servicesOf(link).publish(request, (error, response) => {
        if (link !== this.#link || !link.isAlive()) return;
        this.#pending--;
        if (error === null && response !== undefined) {
          this.#answered(link, response);
          this.#replenish(link);
        } else {
          this.#refused(link, error?.message ?? "");
          // a channel that is gone refuses at once, before it says so
          setTimeout(() => this.#replenish(link), AFTER_REFUSAL_MS);
        }
      });
    }
  }

  #refused(link: Link, reason: string): void {
    if (reason.includes("BadTooManyPublishRequests")) this.#pendingMost = Math.max(1, this.#pending);
    else if (reason.includes("BadNoSubscription")) {
      // deleted, or moved to another session: fetched back it would go to and fro between two clients
      this.#subscriptions = [];
      link.fail(message("connectors.serverDroppedSubscription"));
    } else if (!/BadTimeout|Transaction has timed out/.test(reason))
      link.fail(
        message("connectors.publishFailed", { reason: reason === "" ? message("connectors.noAnswer") : reason.split("\n")[0]! }),
        /connect|socket|channel/i.test(reason),
      );
  }

  #answered(link: Link, { subscriptionId, notificationMessage }: PublishResponse): void {
    this.#timers.get(subscriptionId)?.refresh();
    const subscription = this.#subscriptions.find(({ id }) => id === subscriptionId);
    if (subscription === undefined) return;
    const { sequenceNumber } = notificationMessage;
    const isKeepAlive = (notificationMessage.notificationData ?? []).length === 0;
    const expected = after(subscription.sequence);
    // a keep-alive bears the number that comes next
    if (sequenceNumber !== expected && subscription.sequence !== 0 && ahead(expected, sequenceNumber))
      void this.#fetchMissing(link, subscription, expected, sequenceNumber);
    if (isKeepAlive) return;
    this.#acknowledgements.push({ subscriptionId, sequenceNumber });
    // one that was fetched by Republish already
    if (subscription.sequence !== 0 && !ahead(subscription.sequence, sequenceNumber)) return;
    subscription.sequence = sequenceNumber;
    void this.#hand(link, notificationMessage);
  }

  /** Notifications that were sent and did not arrive: values keep their times, so that it does not matter that they come later. */
  async #fetchMissing(link: Link, { id }: Subscription, from: number, to: number): Promise<void> {
    let missed = 0;
    let sequence = from;
    for (let n = 0; sequence !== to && n < MAX_REPUBLISHED; n++, sequence = after(sequence)) {
      const answer = await republish(link, id, sequence);
      if (typeof answer === "string") missed++;
      else await this.#hand(link, answer);
    }
    if (missed > 0 && link.isAlive()) this.#listener.missed(missed);
  }

  async #handChanges(link: Link, data: DataChangeNotification): Promise<void> {
    const columns = changesOf(data);
    const whole: MonitoredItemNotification[] = columns === undefined ? [...(data.monitoredItems ?? [])] : [];
    for (let row = 0; row < (columns?.count ?? 0); row++) {
      const node = this.#nodes[columns!.handles[row]!];
      if (node?.structured === true || columns!.kinds[row] === rawKind.other) whole.push(data.monitoredItems![row]!);
      else if (this.#isHeard(columns!.handles[row]!)) this.#listener.change(node!.index, columns!, row);
    }
    const structured = whole.filter(({ clientHandle }) => this.#nodes[clientHandle]?.structured === true);
    if (structured.length > 0) await decoded(link, structured);
    for (const { clientHandle, value } of whole)
      if (this.#isHeard(clientHandle)) this.#listener.value(this.#nodes[clientHandle]!.index, value);
  }

  /** After a transfer servers give an initial "value" of items that tell events too: that is none. */
  #isHeard(handle: number): boolean {
    if (this.#unheard.size > 0) this.#unheard.delete(handle);
    this.#quiet?.heard(handle);
    const node = this.#nodes[handle];
    return node !== undefined && node.events === undefined;
  }

  async #hand(link: Link, notification: NotificationMessage): Promise<void> {
    for (const data of notification.notificationData ?? []) {
      if (data instanceof DataChangeNotification) {
        await this.#handChanges(link, data);
      } else if (data instanceof EventNotificationList) {
        for (const { clientHandle, eventFields } of data.events ?? []) {
          const node = this.#nodes[clientHandle];
          if (node !== undefined) this.#listener.event?.(node.index, eventFields ?? []);
        }
      } else if (data instanceof StatusChangeNotification && !data.status.equals(StatusCodes.GoodSubscriptionTransferred))
        link.fail(message("connectors.subscriptionEnded", { reason: data.status.name }));
    }
    this.#listener.settled();
  }
}

/** The small profiles know no subscriptions, or two. */
const NO_SUBSCRIPTION = /Bad(?:TooManySubscriptions|ServiceUnsupported|NotSupported|NotImplemented)\b/;
const POLLED_EVERY_MS = 1_000;
const AFTER_REFUSAL_MS = 100;
const QUEUE_DRAINS_MS = 1_000;
const LIFETIME_MS = 120_000;
const PUBLISH_TIMEOUT_MS = 120_000;
const EVENTS_KEPT = 20_000;

function sameNodes(a: readonly MonitoredNode[], b: readonly MonitoredNode[]): boolean {
  return a.length === b.length && a.every((node, n) => node.nodeId === b[n]!.nodeId && node.index === b[n]!.index);
}

/** Sequence numbers go round from the last to 1. */
function after(sequence: number): number {
  return sequence === LAST_SEQUENCE ? 1 : sequence + 1;
}

/** Whether `b` comes after `a`, over the turn too. */
function ahead(a: number, b: number): boolean {
  return a !== b && (b - a + LAST_SEQUENCE) % LAST_SEQUENCE < LAST_SEQUENCE / 2;
}

const servicesOf = (link: Link): SubscriptionServices => link.session as ClientSession & SubscriptionServices;

/** `none`: the server has no such message (any more); `gone`: it does not know the subscription. */
function republish(link: Link, subscriptionId: number, sequence: number): Promise<NotificationMessage | "none" | "gone"> {
  return new Promise((resolve) => {
    const request = new RepublishRequest({ subscriptionId, retransmitSequenceNumber: sequence });
    servicesOf(link).republish(request, (error, response) => {
      const status = response?.responseHeader.serviceResult;
      if (error === null && response !== undefined && status?.isGood() === true) return resolve(response.notificationMessage);
      resolve(/BadMessageNotAvailable/.test(`${error?.message ?? ""} ${status?.name ?? ""}`) ? "none" : "gone");
    });
  });
}

/** In place. What cannot be decoded stays as it came and is told as a structure. */
async function decoded(link: Link, items: readonly { readonly value: DataValue }[]): Promise<void> {
  try {
    await promoteOpaqueStructure(
      link.session,
      items.map(({ value }) => value),
    );
  } catch {
    // the server does not tell how its type is laid out
  }
}
