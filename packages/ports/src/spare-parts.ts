import type { LocalText } from "@doppelwerk/operations";
import type { BranchId, Instant, Principal } from "@doppelwerk/world";
import { port } from "./token.ts";

/** A spare part with its stock, as far as movements were recorded. */
export interface SparePartStock {
  /** Number of the part: unique in a world. */
  readonly part: string;
  readonly title: LocalText;
  readonly unit: string;
  /** Where it lies. */
  readonly place?: string;
  /** By the book; below nothing where more was taken than was ever received. */
  readonly onHand: number;
  /** Of that, what is kept for work that is not done yet. */
  readonly reserved: number;
  readonly minimum: number;
  /** Ids of the stations or assets that it fits; none: nobody said which. */
  readonly fits: readonly string[];
}

/** Parts for a piece of work. */
export interface PartRequest {
  /** Of the caller, a UUID: the same twice counts once. */
  readonly id: string;
  readonly part: string;
  /** In the unit of the part, above nothing. */
  readonly quantity: number;
  /** Id of the work order: what is reserved for it is taken from its reservation first. */
  readonly work: string;
  /** When it was, where it is entered later; absent: now. */
  readonly at?: Instant;
  readonly note?: string;
}

export interface PartMoved {
  /** False: it was known. */
  readonly isNew: boolean;
  readonly stock: SparePartStock;
}

/**
 * Stock of spare parts, for whoever plans and does work. Each act is recorded with who did it. Errors: DW_NOT_FOUND (no such part, or it may not be read),
 * DW_FORBIDDEN, DW_CONFLICT where there is not so much, or the id was given for something else.
 */
export interface SpareParts {
  /** Those that the principal may read, by number; of an asset: those that fit it. */
  list(principal: Principal, branch: BranchId, asset?: string): Promise<readonly SparePartStock[]>;
  reserve(principal: Principal, branch: BranchId, request: PartRequest): Promise<PartMoved>;
  /** Gives up what is reserved for the work, at most the quantity. */
  release(principal: Principal, branch: BranchId, request: PartRequest): Promise<PartMoved>;
  take(principal: Principal, branch: BranchId, request: PartRequest): Promise<PartMoved>;
  /** What was taken and not needed. */
  giveBack(principal: Principal, branch: BranchId, request: PartRequest): Promise<PartMoved>;
}

export const spareParts = port<SpareParts>("stores.spareParts", 1);
