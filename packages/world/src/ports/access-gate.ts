import { type Message } from "@doppelwerk/messages";
import type { BranchId, Change } from "../change.ts";
import type { WorldRecord } from "../record.ts";

/** Who asks. Without accounts the name is `unverified`. */
export interface Principal {
  readonly id: string;
  readonly name: string;
  readonly verified: boolean;
  readonly roles: readonly string[];
  /** Present: it reads on live what the scope covers, and does nothing else, whatever its roles are. */
  readonly scope?: Scope;
}

/** What one principal alone was given to read. */
export interface Scope {
  covers(record: WorldRecord): boolean;
  /** Another one whenever `covers` may answer otherwise. */
  version(): number;
}

export type Action =
  | "read"
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

/** Decided in the data layer: every read and write of a `WorldView` passes here. Implemented by room trust. */
export interface AccessGate {
  /** Principals of one class may read the same records, now. */
  classOf(principal: Principal): string;
  decide(principal: Principal, action: Action, branch: BranchId): Decision;
  mayRead(principal: Principal, record: WorldRecord): boolean;
  /** Whether `mayRead` is true of every record there is or will be while the roles are these: then none needs to be looked at. */
  mayReadAll(principal: Principal): boolean;
  /** `linked`: the change is of a record that shows one of another world, or of something below such a one. */
  mayChange(principal: Principal, branch: BranchId, change: Change, linked?: boolean): Decision;
}
