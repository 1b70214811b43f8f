import { type Message } from "@doppelwerk/messages";
import type { BranchId, Change } from "../change.ts";
import type { RecordId, WorldRecord } from "../record.ts";
import type { ApprovalClasses } from "./approval-classes.ts";

/** Who asks. Without accounts the name is `unverified`. */
export interface Principal {
  readonly id: string;
  readonly name: string;
  readonly verified: boolean;
  readonly roles: readonly string[];
  /** Present: a program or device, which never approves nor administers, whatever its roles are. */
  readonly machine?: true;
  /** Present: it reads on live what the scope covers, and does nothing else, whatever its roles are. */
  readonly scope?: Scope;
  /** The operation that it does now: roles at places may name it. */
  readonly doing?: Doing;
}

/** An operation by what it is called where rights to it are given. */
export interface Doing {
  /** What the kernel decides about. */
  readonly action: Action;
  /** What its feature calls it: `FEATURE.ACT`. */
  readonly act: string;
}

/** What one principal alone was given to read. */
export interface Scope {
  covers(record: WorldRecord): boolean;
  /** Another one whenever `covers` may answer otherwise. */
  version(): number;
}

export type Action =
  | "read"
  | "export"
  | "edit"
  | "fork"
  | "run"
  | "propose"
  | "comment"
  | "approve"
  | "acknowledge"
  | "command"
  | "enter"
  | "import"
  | "administer";

export type Decision = { readonly allowed: true } | { readonly allowed: false; readonly why: Message };

/** The records of a kind on live at its newest revision, for one principal. What may be read is never left out; what may not may be among it. */
export interface ListedRecords {
  /** Ids after one, ascending. */
  idsAfter(id: RecordId): Iterable<RecordId>;
  /** Never read, as it stands. */
  isHidden(id: RecordId): boolean;
  /** It was read, and is not shown. */
  wasHidden(record: WorldRecord): void;
}

/** Decided in the data layer: every read and write of a `WorldView` passes here. Implemented by room trust. */
export interface AccessGate {
  /** Principals of one class may read the same records, now. */
  classOf(principal: Principal): string;
  /** `subject`: the record that it is done to; then what is said of its place counts too. */
  decide(principal: Principal, action: Action, branch: BranchId, subject?: RecordId): Decision;
  /** Whether it may be done to some record; what it is done to is decided then. Absent: as `decide`. */
  mayAnywhere?(principal: Principal, action: Action, branch: BranchId): Decision;
  mayRead(principal: Principal, record: WorldRecord): boolean;
  /** What is shown of a record that may be read: itself, or without parts that are hidden. Absent: always itself. */
  shown?(principal: Principal, record: WorldRecord): WorldRecord;
  /** Whether `mayRead` is true of every record there is or will be while the roles are these: then none needs to be looked at. */
  mayReadAll(principal: Principal): boolean;
  /**
   * `linked`: the change is of a record that shows one of another world, or of something below such a one. `before`: the record as it stands; undefined
   * where there is none.
   */
  mayChange(principal: Principal, branch: BranchId, change: Change, linked?: boolean, before?: WorldRecord): Decision;
  /** What is known, before they are read, of the records of a kind as they stand on live; undefined where nothing is. */
  listed?(principal: Principal, kind: string): ListedRecords | undefined;
  /** What changes to live need beyond that: somebody else's approval, by class. Absent: nothing. */
  readonly classes?: ApprovalClasses;
}
