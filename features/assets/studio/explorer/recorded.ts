import { encodeId } from "@doppelwerk/aas";
import type { Shell, Submodel, SubmodelElement } from "@doppelwerk/aas";
import { putElement, putShell, putSubmodel } from "@doppelwerk/client";
import type { AasApi, DocumentVersion } from "@doppelwerk/client";
import type { BranchId } from "@doppelwerk/world";
import type { Load } from "@doppelwerk/kit/studio";
import { documentPath } from "./aas-access.ts";

/** What has a history and stands on branches: a shell, a submodel, or the element at an idShortPath of it. */
export type Recorded = { readonly shell: string } | { readonly submodel: string; readonly path?: string };

export type RecordedContent = Shell | Submodel | SubmodelElement;

/** Its path below the base URL of the AAS API. */
export function recordedPath(of: Recorded): string {
  return "shell" in of ? `/shells/${encodeId(of.shell)}` : documentPath(of.submodel, of.path);
}

/** When it was written on a branch, the newest first. */
export function versionsOf(of: Recorded, branch: BranchId): Load<readonly DocumentVersion[]> {
  return {
    key: ["versions", recordedPath(of), branch],
    run: ({ client }, signal) =>
      "shell" in of
        ? client.shellVersions(encodeId(of.shell), { branch }, { signal })
        : client.versions(encodeId(of.submodel), { branch, ...(of.path !== undefined && { path: of.path }) }, { signal }),
  };
}

/** Writes an earlier content in the place of the one there. */
export async function putRecorded(api: AasApi, of: Recorded, content: RecordedContent): Promise<void> {
  if (content.modelType === "AssetAdministrationShell") await putShell(api, content);
  else if (content.modelType === "Submodel") await putSubmodel(api, content);
  else if ("submodel" in of && of.path !== undefined) await putElement(api, { submodel: of.submodel, path: of.path }, content);
}

/** What people call it. */
export function recordedName(of: Recorded, content: RecordedContent): string {
  return "path" in of && of.path !== undefined ? of.path : (content.idShort ?? ("shell" in of ? of.shell : of.submodel));
}
