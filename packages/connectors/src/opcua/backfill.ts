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
  readonly failed: readonly { readonly index: number; readonly reason: string }[];
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
  restartedFrom?: Instant;
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
  readonly group: Pending[];
  readonly response: Promise<HistoryReadResponse>;
}

class HistoryRun {
  readonly #link: Link;
  readonly #sink: BackfillSink;
  readonly #withoutHistory: number[] = [];
  readonly #failed: { index: number; reason: string }[] = [];
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
    const group = queue.splice(0, this.#nodesPerCall);
    if (group.length > 0) {
      const response = this.#request(group);
      // handled when it is awaited in the next step; without this a failure during the digestion would count as unhandled
      response.catch(() => {});
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

  /** Undefined when the whole call was refused: then it is asked again in smaller pieces, whatever limits the server had declared. */
  async #resultsOf(call: HistoryCall, queue: Pending[]): Promise<readonly HistoryReadResult[] | undefined> {
    try {
      return (await call.response).results ?? [];
    } catch (error) {
      if (!this.#link.isAlive()) throw error;
      if (call.group.length > 1) this.#nodesPerCall = Math.max(1, Math.min(this.#nodesPerCall, call.group.length >> 1));
      else if (this.#valuesPerResponse > FEWEST_VALUES) this.#valuesPerResponse >>= 2;
      else throw error;
      for (const pending of call.group) pending.continuation = undefined;
      queue.unshift(...call.group);
      return undefined;
    }
  }

  #request(group: readonly Pending[]): Promise<HistoryReadResponse> {
    const earliest = Math.min(...group.map((pending) => pending.from));
    const latest = Math.max(...group.map((pending) => pending.to));
    return this.#link.session.historyRead(
      new HistoryReadRequest({
        requestHeader: new RequestHeader({ timeoutHint: 60_000 }),
        historyReadDetails: new ReadRawModifiedDetails({
          isReadModified: false,
          startTime: new Date(Math.floor(earliest / 1000)),
          endTime: new Date(Math.ceil(latest / 1000)),
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
      return this.#restart(pending, status.name);
    }
    if (status.value >>> 30 === 2) {
      if (NO_HISTORY.some((code) => status.equals(code))) this.#withoutHistory.push(index);
      else this.#failed.push({ index, reason: status.name });
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
  #restart(pending: Pending, reason: string): boolean {
    if (pending.continuation === undefined || pending.restartedFrom === pending.from) {
      this.#failed.push({ index: pending.node.index, reason });
      return false;
    }
    pending.continuation = undefined;
    pending.restartedFrom = pending.from;
    return true;
  }
}

const NO_HISTORY = [
  StatusCodes.BadHistoryOperationUnsupported,
  StatusCodes.BadHistoryOperationInvalid,
  StatusCodes.BadNotReadable,
  StatusCodes.BadServiceUnsupported,
];
