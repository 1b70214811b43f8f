import { verbatim, type Message } from "@doppelwerk/messages";
import {
  HistoryData,
  HistoryReadRequest,
  HistoryReadValueId,
  ReadRawModifiedDetails,
  RequestHeader,
  StatusCodes,
  TimestampsToReturn,
} from "node-opcua";
import type { HistoryReadResponse, HistoryReadResult } from "node-opcua";
import { EVENT_ROLES, type Instant, type SignalRecord } from "@doppelwerk/world";
import { columnsOf, type HistoryColumns } from "./history-columns.ts";
import type { Link } from "./link.ts";
import type { MonitoredNode } from "./monitor.ts";

export interface BackfillResult {
  readonly samples: number;
  /** Nodes for which the server keeps no history. */
  readonly withoutHistory: readonly number[];
  /** Nodes whose history broke off, with the server's word. */
  readonly failed: readonly { readonly index: number; readonly reason: Message }[];
}

export interface BackfillRange {
  /** Both on the clock of the source of this node. */
  readonly from: Instant;
  readonly to: Instant;
}

export interface BackfillSink {
  range(index: number): BackfillRange;
  /** Awaited before more is asked for than is already on its way. */
  columns(index: number, columns: HistoryColumns): Promise<void> | void;
  /** Nothing more comes of this node. */
  done(index: number): void;
}

const VALUES_PER_RESPONSE = 60_000;
const FEWEST_VALUES = 500;

interface Pending {
  readonly node: MonitoredNode;
  /** Where the next page begins when the server lost the continuation point. */
  from: Instant;
  readonly to: Instant;
  continuation: Buffer | undefined;
  /** The range of the call that its continuation point goes on from. */
  asked?: AskedRange;
  restartedFrom?: Instant;
}

/** Milliseconds since 1970. */
interface AskedRange {
  readonly start: number;
  readonly end: number;
}

/** What happens (states, counts, events) is worth more at once than what is measured. */
export function isUrgent(signal: SignalRecord): boolean {
  return signal.counter !== undefined || signal.valueType !== "double" || EVENT_ROLES.has(signal.role ?? "");
}

/** HistoryRead raw (Part 11, 6.5.3) of all nodes in the given order, several nodes a call, pages by continuation point, one call ahead. */
export async function readHistory(link: Link, nodes: readonly MonitoredNode[], sink: BackfillSink): Promise<BackfillResult> {
  const run = new HistoryRun(link, sink);
  const queue = nodes.map((node): Pending => ({ node, ...sink.range(node.index), continuation: undefined }));
  while (queue.length > 0 || run.busy) await run.step(queue);
  return run.result();
}

interface HistoryCall {
  readonly group: readonly Pending[];
  readonly response: Promise<HistoryReadResponse>;
}

class HistoryRun {
  readonly #link: Link;
  readonly #sink: BackfillSink;
  readonly #withoutHistory: number[] = [];
  readonly #failed: { index: number; reason: Message }[] = [];
  #samples = 0;
  #nodesPerCall: number;
  #valuesPerResponse = VALUES_PER_RESPONSE;
  #ahead: HistoryCall | undefined;

  constructor(link: Link, sink: BackfillSink) {
    this.#link = link;
    this.#sink = sink;
    this.#nodesPerCall = link.limits.nodesPerHistoryRead;
  }

  get busy(): boolean {
    return this.#ahead !== undefined;
  }

  result(): BackfillResult {
    return { samples: this.#samples, withoutHistory: this.#withoutHistory, failed: this.#failed };
  }

  /** Sends the next call, then digests the one before. */
  async step(queue: Pending[]): Promise<void> {
    const current = this.#ahead;
    this.#ahead = undefined;
    const group = queue.splice(0, this.#inOneCall(queue));
    if (group.length > 0) {
      const response = this.#request(group);
      response.catch(() => {
        // handled when it is awaited in the next step; without this a failure during the digestion would count as unhandled
      });
      this.#ahead = { group, response };
    }
    if (current === undefined) return;
    const results = await this.#resultsOf(current, queue);
    if (results === undefined) return;
    const more: Pending[] = [];
    for (const [position, pending] of current.group.entries()) {
      if (await this.#digest(pending, results[position])) more.push(pending);
      else this.#sink.done(pending.node.index);
    }
    queue.unshift(...more);
  }

  /** How many of the queue go into one call: a continuation point is asked on with the range it was given for, because for some servers it is a place in that range. */
  #inOneCall(queue: readonly Pending[]): number {
    const range = queue[0]?.asked;
    const most = Math.min(queue.length, this.#nodesPerCall);
    const fits = ({ asked, from, to }: Pending): boolean => {
      if (range === undefined) return asked === undefined;
      const { start, end } = asked ?? rangeOf([{ from, to }]);
      return start === range.start && end === range.end;
    };
    let count = 0;
    while (count < most && fits(queue[count]!)) count++;
    return count;
  }

  /** Undefined when the whole call was refused: unless that says that there is no history, it is asked again in smaller pieces, whatever limits the server had declared. */
  async #resultsOf(call: HistoryCall, queue: Pending[]): Promise<readonly HistoryReadResult[] | undefined> {
    try {
      return (await call.response).results ?? [];
    } catch (error) {
      if (!this.#link.isAlive()) throw error;
      const status = faultOf(error);
      // who does not know the service keeps nothing of anything
      if (status !== undefined && NO_SERVICE.includes(status)) return this.#nothingOf([...call.group, ...queue.splice(0)]);
      if (status !== undefined && call.group.length === 1) return this.#nothingOf(call.group);
      if (call.group.length > 1) this.#nodesPerCall = Math.max(1, Math.min(this.#nodesPerCall, call.group.length >> 1));
      else if (this.#valuesPerResponse > FEWEST_VALUES) this.#valuesPerResponse >>= 2;
      else throw error;
      for (const pending of call.group) forgetPage(pending);
      queue.unshift(...call.group);
      return undefined;
    }
  }

  #nothingOf(nodes: readonly Pending[]): undefined {
    for (const { node } of nodes) {
      this.#withoutHistory.push(node.index);
      this.#sink.done(node.index);
    }
    return undefined;
  }

  #request(group: readonly Pending[]): Promise<HistoryReadResponse> {
    const range = group[0]!.asked ?? rangeOf(group);
    for (const pending of group) pending.asked = range;
    return this.#link.session.historyRead(
      new HistoryReadRequest({
        requestHeader: new RequestHeader({ timeoutHint: 60_000 }),
        historyReadDetails: new ReadRawModifiedDetails({
          isReadModified: false,
          startTime: new Date(range.start),
          endTime: new Date(range.end),
          numValuesPerNode: Math.max(100, Math.floor(this.#valuesPerResponse / group.length)),
          returnBounds: false,
        }),
        timestampsToReturn: TimestampsToReturn.Both,
        releaseContinuationPoints: false,
        nodesToRead: group.map(
          (pending) => new HistoryReadValueId({ nodeId: pending.node.nodeId, continuationPoint: pending.continuation }),
        ),
      }),
    );
  }

  /** True when the node has more. */
  async #digest(pending: Pending, result: HistoryReadResult | undefined): Promise<boolean> {
    const { index } = pending.node;
    const status = result?.statusCode ?? StatusCodes.BadUnexpectedError;
    if (status.equals(StatusCodes.BadContinuationPointInvalid) || status.equals(StatusCodes.BadNoContinuationPoints)) {
      return this.#restart(pending, verbatim(status.name));
    }
    if (status.value >>> 30 === 2) {
      if (NO_HISTORY.some((code) => status.equals(code))) this.#withoutHistory.push(index);
      else this.#failed.push({ index, reason: verbatim(status.name) });
      return false;
    }
    const data = result!.historyData;
    const columns = data instanceof HistoryData ? columnsOf(data) : undefined;
    if (columns !== undefined && columns.count > 0) {
      this.#samples += columns.count;
      const last = columns.sourceTimes[columns.count - 1]!;
      if (last > pending.from) pending.from = last;
      await this.#sink.columns(index, columns);
    }
    const continuation = result!.continuationPoint;
    pending.continuation = continuation && continuation.length > 0 ? continuation : undefined;
    return pending.continuation !== undefined;
  }

  /** A server short of continuation points is asked again from the last time it gave; the overlap is harmless. */
  #restart(pending: Pending, reason: Message): boolean {
    if (pending.continuation === undefined || pending.restartedFrom === pending.from) {
      this.#failed.push({ index: pending.node.index, reason });
      return false;
    }
    forgetPage(pending);
    pending.restartedFrom = pending.from;
    return true;
  }
}

function rangeOf(ranges: readonly BackfillRange[]): AskedRange {
  return {
    start: Math.floor(Math.min(...ranges.map(({ from }) => from)) / 1000),
    end: Math.ceil(Math.max(...ranges.map(({ to }) => to)) / 1000),
  };
}

/** It is asked again, from the last time that came. */
function forgetPage(pending: Pending): void {
  pending.continuation = undefined;
  delete pending.asked;
}

/** Why a whole call was refused, where it is one of these. */
function faultOf(error: unknown): (typeof NO_HISTORY)[number] | undefined {
  const message = error instanceof Error ? error.message : "";
  return NO_HISTORY.find(({ name }) => message.includes(name));
}

const NO_SERVICE = [StatusCodes.BadServiceUnsupported, StatusCodes.BadNotSupported, StatusCodes.BadNotImplemented];

/** Some servers say that a user may not read what they never kept. */
const NO_HISTORY = [
  ...NO_SERVICE,
  StatusCodes.BadHistoryOperationUnsupported,
  StatusCodes.BadHistoryOperationInvalid,
  StatusCodes.BadNotReadable,
  StatusCodes.BadUserAccessDenied,
];
