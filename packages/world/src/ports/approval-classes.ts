import type { Message } from "@doppelwerk/messages";
import type { Change } from "../change.ts";
import type { Instant } from "../instant.ts";
import type { RecordId } from "../record.ts";
import type { Principal } from "./access-gate.ts";

/** What a property class of the world requires before a change of it is written to live. */
export interface ApprovalClass {
  readonly id: RecordId;
  readonly name: string;
  /** Roles of which the author has one; empty: whoever may propose. */
  readonly propose: readonly string[];
  /** Roles of which each approver has one; empty: whoever may approve. */
  readonly approve: readonly string[];
  /** Different people, none of whom is the author or wrote a change of it on the branch; at least 1. */
  readonly approvers: number;
  /** How long an approval counts; absent: until the request changes. */
  readonly expiresAfter?: Instant;
  /** Approvals count with a fresh proof of presence only. */
  readonly presence: boolean;
  /** Whether it may be written to live without a request. */
  readonly directWrites: boolean;
}

/** The property classes of a world, as its `AccessGate` knows them. */
export interface ApprovalClasses {
  /** Of the changes to live that are of a class, in their order: by the id of the record. Nothing where the world has no classes. */
  of(changes: readonly Change[]): ReadonlyMap<RecordId, readonly ApprovalClass[]>;
  /** Why all these changes to live together are not made, whoever approved them; undefined where nothing speaks against them. */
  refusal?(changes: readonly Change[]): Message | undefined;
  /** Those of commands of a connection. */
  ofCommand(connection: RecordId): readonly ApprovalClass[];
  /** The roles of somebody, as an approval keeps them. */
  grantsOf(principal: Principal): readonly string[];
  /** Whether these grants hold one of the roles for the record. */
  qualifies(grants: readonly string[], roles: readonly string[], record: RecordId): boolean;
}

/** What a class says of a command, for who asks. */
export interface CommandClass {
  readonly class: ApprovalClass;
  /** Who asks has one of the roles that request it, and that confirm it. */
  readonly mayRequest: boolean;
  readonly mayConfirm: boolean;
}
