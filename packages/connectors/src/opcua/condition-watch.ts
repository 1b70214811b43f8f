import { DataType, DataValue, StatusCodes, Variant } from "node-opcua";
import { conditionState, readEvent, type ConditionReport } from "./conditions.ts";

export interface ConditionListener {
  /** `value` is of type Int32 and has the time of the event. */
  state(nodeId: string, value: DataValue): void;
  /** An event of a condition that has a signal; never one that was heard before. */
  reported(event: ConditionReport, refreshed: boolean): void;
  /** A condition that no signal stands for. */
  unknown(event: ConditionReport): void;
  refreshRequired(): void;
  /** The server had more events than it keeps. */
  overflow(): void;
  modelChange(): void;
}

/** What one condition said last. */
interface Standing {
  /** The state that it is in. */
  trunk: number;
  /** Earlier states that still wait, by branch. */
  readonly branches: Map<string, number>;
  /** The newest event of each branch, of the present state under "". */
  readonly events: Map<string, string>;
  shown: number | undefined;
}

/** Earlier states of one condition that are followed; a server that makes more of them than anybody acknowledges is not followed further. */
const MAX_BRANCHES = 1_000;
const { unacknowledged, unconfirmed } = conditionState;

/** Follows conditions and their branches over refreshes: what a refresh does not mention is over. */
export class ConditionWatch {
  readonly #listener: ConditionListener;
  readonly #standing: ReadonlyMap<string, Standing>;
  /** Node and branch of what the refresh under way mentioned. */
  #mentioned: Set<string> | undefined;

  constructor(nodeIds: ReadonlySet<string>, listener: ConditionListener) {
    this.#listener = listener;
    this.#standing = new Map(
      [...nodeIds].map((nodeId) => [nodeId, { trunk: 0, branches: new Map(), events: new Map(), shown: undefined }] as const),
    );
  }

  event(fields: readonly Variant[]): void {
    const event = readEvent(fields);
    switch (event.kind) {
      case "refreshStart":
        this.#mentioned = new Set();
        return;
      case "refreshEnd":
        return this.#refreshed();
      case "refreshRequired":
        return this.#listener.refreshRequired();
      case "overflow":
        return this.#listener.overflow();
      case "modelChange":
        return this.#listener.modelChange();
      case "condition":
        return this.#condition(event);
      case "other":
    }
  }

  #condition(event: ConditionReport): void {
    const { nodeId, branch = "", state } = event;
    this.#mentioned?.add(keyOf(nodeId, branch));
    const standing = this.#standing.get(nodeId);
    if (standing === undefined) return this.#listener.unknown(event);
    const id = event.eventId.toString("hex");
    if (id === "" || standing.events.get(branch) !== id) this.#listener.reported(event, this.#mentioned !== undefined);
    if (branch === "") standing.trunk = state;
    else if (event.retain && (state & (unacknowledged | unconfirmed)) !== 0) {
      if (standing.branches.has(branch) || standing.branches.size < MAX_BRANCHES) standing.branches.set(branch, state);
    } else standing.branches.delete(branch);
    if (branch === "" || standing.branches.has(branch)) standing.events.set(branch, id);
    else standing.events.delete(branch);
    this.#say(nodeId, standing, event.time);
  }

  #refreshed(): void {
    const mentioned = this.#mentioned;
    this.#mentioned = undefined;
    if (mentioned === undefined) return;
    for (const [nodeId, standing] of this.#standing) {
      if (!mentioned.has(keyOf(nodeId, ""))) standing.trunk = 0;
      for (const branch of standing.branches.keys()) if (!mentioned.has(keyOf(nodeId, branch))) standing.branches.delete(branch);
      this.#say(nodeId, standing, undefined);
    }
  }

  /** A refresh says again what is known, with the time it began: that is no news. An earlier state that waits makes the condition wait. */
  #say(nodeId: string, standing: Standing, time: Date | undefined): void {
    let state = standing.trunk;
    for (const waiting of standing.branches.values()) state |= waiting & (unacknowledged | unconfirmed);
    if (standing.shown === state) return;
    standing.shown = state;
    this.#listener.state(nodeId, valueOf(state, time ?? new Date()));
  }
}

function keyOf(nodeId: string, branch: string): string {
  return `${nodeId}\n${branch}`;
}

function valueOf(state: number, time: Date): DataValue {
  return new DataValue({
    value: new Variant({ dataType: DataType.Int32, value: state }),
    statusCode: StatusCodes.Good,
    sourceTimestamp: time,
  });
}
