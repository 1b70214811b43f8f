import { message } from "@doppelwerk/messages";
import { LIVE, type BranchId, type LogEntry } from "../change.ts";
import type { Lineage } from "../ports/record-store.ts";
import type { Branch } from "../world.ts";
import { DoppelwerkError } from "../error.ts";

const live: Branch = { id: LIVE, name: "live", parent: undefined, baseRevision: 0, instant: 0, createdBy: "", createdAt: 0 };

/** The branches of a world: the fold of its fork, merge and abandon entries. */
export class BranchTable {
  readonly branches = new Map<BranchId, Branch>([[LIVE, live]]);

  reset(entries: readonly LogEntry[]): void {
    this.branches.clear();
    this.branches.set(LIVE, live);
    for (const entry of entries) this.fold(entry);
  }

  fold(entry: LogEntry): void {
    if (entry.fork !== undefined) {
      const { name, parent, baseRevision, instant } = entry.fork;
      this.branches.set(entry.branch, {
        id: entry.branch,
        name,
        parent,
        baseRevision,
        instant,
        createdBy: entry.actor,
        createdAt: entry.time,
      });
    }
    if (entry.merge !== undefined) this.#close(entry.merge.source, "merged", entry);
    if (entry.abandon) this.#close(entry.branch, "abandoned", entry);
  }

  get(id: BranchId): Branch {
    const branch = this.branches.get(id);
    if (branch === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("world.noBranch", { id }));
    return branch;
  }

  open(id: BranchId): Branch {
    const branch = this.get(id);
    if (branch.closed !== undefined) throw new DoppelwerkError("DW_CONFLICT", message("world.branchClosed", { as: branch.closed.as, id }));
    return branch;
  }

  /** Nearest first; a revision before the fork reads the parent at that revision. */
  lineage(id: BranchId, revision: number): Lineage {
    const steps = [];
    let at = revision;
    for (let branch: Branch | undefined = this.get(id); branch !== undefined;) {
      steps.push({ branch: branch.id, revision: at });
      at = Math.min(at, branch.baseRevision);
      branch = branch.parent === undefined ? undefined : this.get(branch.parent);
    }
    return steps;
  }

  #close(id: BranchId, as: "merged" | "abandoned", entry: LogEntry): void {
    const branch = this.branches.get(id);
    if (branch !== undefined) this.branches.set(id, { ...branch, closed: { as, at: entry.time, revision: entry.revision } });
  }
}
