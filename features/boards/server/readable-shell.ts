import type { PlantView } from "@doppelwerk/kit/server";
import type { BranchId } from "@doppelwerk/world";

/** Whether a shell is there, by its AAS id, and the principal may read it. */
export function isReadableShell(view: PlantView, branch: BranchId, shell: string): boolean {
  return view.documents.reader(branch).query({ kind: "shell", index: { name: "aasId", value: shell }, limit: 1 }).length > 0;
}
