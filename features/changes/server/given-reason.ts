import type { LogEntry, RecordReader } from "@doppelwerk/world";
import type { DiffLine } from "../contract.ts";

/** How the studio names an edit of documents in either language where nobody gives a reason. */
const DESCRIPTIONS: readonly RegExp[] = [
  /^(?:Addition|Attributes|Change|Deletion|End|Move|Picture|Repair|Upload) of /u,
  / (?:made from its template|renamed to .+|as of .+)$/u,
  /^(?:abandoned|display of a signal)$/u,
  /^Asset removed from |^.+ installed in /u,
  /^(?:添加|修改|删除|移动|修复|上传|由模板创建|恢复) /u,
  / (?:的属性|完|的图片)$/u,
  /^将 .+ (?:安装到|重命名为) |^从 .+ 取出资产$/u,
];

/** Whether a text says what was changed and not why: `S090 Places 6 → 7` of an edit from 6 to 7. */
export function isDescription(reason: string, lines: readonly Pick<DiffLine, "before" | "after">[]): boolean {
  return (
    lines.some(({ before, after }) => before !== "" && reason.endsWith(` ${before} → ${after}`)) ||
    DESCRIPTIONS.some((pattern) => pattern.test(reason))
  );
}

/** What a person wrote where the server wrote the entry: the text of a request that is proposed or merged, a comment. */
export function writtenWhy(reader: RecordReader, { changes, merge }: Pick<LogEntry, "changes" | "merge">): string | undefined {
  for (const change of changes) {
    if (change.op !== "create") continue;
    const { kind, text } = change.record as { readonly kind: string; readonly text?: unknown };
    if ((kind === "mergeRequest" || kind === "comment") && typeof text === "string" && text.trim() !== "") return text.trim();
  }
  const request = merge?.request === undefined ? undefined : (reader.get(merge.request) as { readonly text?: unknown } | undefined);
  return typeof request?.text === "string" && request.text.trim() !== "" ? request.text.trim() : undefined;
}
