import { message } from "@doppelwerk/messages";
import type { Change, Reason } from "../change.ts";
import type { WorldRecord } from "../record.ts";
import type { RecordReader } from "../world.ts";

/** The setting of a world with one person: whether authors may approve their own requests. Written only through `MergeRequests`; absent: they may not. */
const SETTING: Pick<WorldRecord, "id" | "kind"> = { id: "approvalSetting:own", kind: "approvalSetting" };

export function soloAllowed(live: RecordReader): boolean {
  return live.get(SETTING.id)?.["solo"] === true;
}

/** What allows or ends it, with what the log says; undefined: nothing is to be changed. */
export function soloChange(live: RecordReader, allowed: boolean): { readonly change: Change; readonly reason: Reason } | undefined {
  if (soloAllowed(live) === allowed) return undefined;
  const record = live.get(SETTING.id);
  return {
    change:
      record === undefined
        ? { op: "create", record: { ...SETTING, solo: allowed } }
        : { op: "update", id: SETTING.id, fields: { solo: { from: record["solo"], to: allowed } } },
    reason: message(allowed ? "changes.logSoloAllowed" : "changes.logSoloEnded"),
  };
}
