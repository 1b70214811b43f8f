import type { Message } from "@doppelwerk/kit";
import type { OrderMessage } from "../../model/order-message.ts";

/** A row of a source as it was read, and where it stands: an address and number, a file and line. */
export interface ReadRow {
  readonly where: string;
  readonly read: { readonly message: OrderMessage } | { readonly fault: Message };
}

/** What a source had behind a position. */
export interface Batch {
  readonly rows: readonly ReadRow[];
  /** Behind these rows: kept once they are stored. */
  readonly position: string | undefined;
  /** There may be more behind it. */
  readonly hasMore: boolean;
  /** Called once the rows and the position are on disk. */
  settle?(): void;
}

/** One way in for orders. What cannot be read at all rejects; then it is tried again later, from the same position. */
export interface Adapter {
  poll(position: string | undefined, stop: AbortSignal): Promise<Batch>;
  close(): Promise<void>;
}
