import { changedKind, type BranchId, type Change, type LogEntry, type RecordReader } from "@doppelwerk/world";
import { readPlaces, type ReadPlaces } from "../model/place-tree.ts";

/** Branches whose trees are kept; of others the tree is read when it is asked for. */
const MAX_TREES = 16;

/** The place trees of branches, each read when it is first asked for, and again after its hierarchy changed. */
export class PlaceTrees {
  readonly #reader: (branch: BranchId) => RecordReader;
  readonly #trees = new Map<BranchId, ReadPlaces>();

  /** @param reader the documents of a branch, read by the feature itself */
  constructor(reader: (branch: BranchId) => RecordReader) {
    this.#reader = reader;
  }

  of(branch: BranchId): ReadPlaces {
    const tree = this.#trees.get(branch) ?? readPlaces(this.#reader(branch));
    this.#trees.delete(branch);
    this.#trees.set(branch, tree);
    const [oldest] = this.#trees.keys();
    if (this.#trees.size > MAX_TREES) this.#trees.delete(oldest!);
    return tree;
  }

  onCommit({ branch, changes }: LogEntry): void {
    const tree = this.#trees.get(branch);
    if (tree !== undefined && changes.some((change) => moves(change, tree))) this.#trees.delete(branch);
  }
}

/** Values of elements beside the hierarchy change all the time, and move nothing. */
function moves(change: Change, { read }: ReadPlaces): boolean {
  const kind = changedKind(change);
  if (kind === "shell" || kind === "submodel") return true;
  return kind === "element" && (change.op !== "update" || read.has(change.id));
}
