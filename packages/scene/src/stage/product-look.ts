import type { PartSpec } from "../parts/part-kind.ts";

/** What the products of a line look like on their way: parts of the catalogue, or given as data. */
export interface ProductLook {
  /** Until something is joined to it. */
  readonly begun: PartSpec;
  /** From there until it is closed. */
  readonly open: PartSpec;
  readonly closed: PartSpec;
  /** What is joined to it, on the way there. */
  readonly joining: PartSpec;
  /** On the way into a palletiser, without its carrier. */
  readonly packed: PartSpec;
}

export type ProductForm = keyof ProductLook;

/** Where nothing says what a product looks like: a plain block. */
export const PLAIN_PRODUCT: ProductLook = {
  begun: { kind: "workpiece" },
  open: { kind: "workpiece" },
  closed: { kind: "workpiece" },
  joining: { kind: "workpiece" },
  packed: { kind: "workpiece" },
};

export const PRODUCT_FORMS = Object.keys(PLAIN_PRODUCT) as readonly ProductForm[];
