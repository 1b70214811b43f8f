import type { Message } from "@doppelwerk/messages";
import type { AlarmRule, LineDefinition, LocalText, StationSpans } from "@doppelwerk/operations";
import type { BranchId, Instant, RecordId, StateDurations } from "@doppelwerk/world";
import type { DescribedEnd } from "./line-sources.ts";
import { port } from "./token.ts";

/** A station's state until the next one begins. */
export interface StateChange {
  readonly from: Instant;
  readonly state: string;
}

/** A line of a world, as everybody names it. */
export interface KnownLine {
  /** Unique in the world. */
  readonly id: RecordId;
  readonly title: LocalText;
  /** AAS id of its shell. */
  readonly shell: string;
  /** Site, area and line of ISA-95, as far as the shells say; the line is the last. */
  readonly path: readonly LocalText[];
  /** IANA name. */
  readonly timeZone: string;
  /** The station whose OEE is that of the line (P6). */
  readonly constraint?: string;
  /** Ids are unique in the world; `shell` is an AAS id. */
  readonly stations: readonly { readonly id: string; readonly title: LocalText; readonly shell: string }[];
  /** Where it meets other lines: the buffers that it shares. */
  readonly ends?: readonly DescribedEnd[];
  /** What a person should know of it: what could not be read, what it shares with other lines. */
  readonly findings: readonly Message[];
}

/** The lines of a branch, the first of which is meant where none is named. `findings` are of what should be a line and cannot be read as one. */
export interface KnownLines {
  readonly lines: readonly KnownLine[];
  readonly findings: readonly Message[];
}

/** What a client asks of a line first. */
export interface AboutLine {
  /** Site, area and line of ISA-95, as far as the shells say. */
  readonly path: readonly { readonly en: string; readonly zh: string }[];
  /** The shells describe a line. */
  readonly line: boolean;
  /** There is something to show of an instant: a line, or conditions of plants without one. */
  readonly snapshot: boolean;
  /** Where the recorded past of the line begins. */
  readonly historyFrom: Instant | undefined;
  readonly timeZone: string | undefined;
}

/** A line as it is folded, in the group `line`; its id is that of its definition. */
export interface FoldedLine {
  readonly definition: LineDefinition;
  /** The alarm rules that the product ships for it. */
  readonly shippedRules: readonly AlarmRule[];
}

export interface PlannedStates {
  readonly stations: readonly StationSpans[];
  readonly flows: LineDefinition["flows"];
}

/** What the folds of lines conclude, as other features need it. `line` is the id of one; without it the first is meant. */
export interface LineFlow {
  /** As the feature itself reads them; of live where no branch is named. */
  lines(branch?: BranchId): Promise<KnownLines>;
  about(line?: RecordId): Promise<AboutLine>;
  /** The lines as they are folded, in their order, with everything that was committed before the call. */
  folded(): Promise<readonly FoldedLine[]>;
  /** Signals that a fold in a browser needs. */
  trackingSignals(line?: RecordId): Promise<readonly RecordId[]>;
  /** How long a signal that keeps the states of a station was in each, in buckets; undefined for every other signal. */
  stateDurations(signal: RecordId, from: Instant, to: Instant, points: number): Promise<StateDurations | undefined>;
  /**
   * States of the constraint in [from, to), in order of time; `unknown` where the past is not derived yet. With the signal that keeps them. Undefined
   * where there is no such line, or none of its stations is the constraint.
   */
  constraintStates(
    from: Instant,
    to: Instant,
    line?: RecordId,
  ): Promise<{ readonly signal: RecordId; readonly states: readonly StateChange[] } | undefined>;
  /** Stations that stand by themselves now, failed or in maintenance, and since when; none where there is no such line. */
  standing(line?: RecordId): Promise<readonly { readonly station: string; readonly since: Instant }[]>;
  /** States of all stations in the planned time of [from, to), with the flows between them. Undefined where there is no such line. */
  plannedStates(from: Instant, to: Instant, line?: RecordId): Promise<PlannedStates | undefined>;
}

export const lineFlow = port<LineFlow>("flow.line", 2);
