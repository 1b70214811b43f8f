import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { UseNoticeStore, useNoticePath } from "./use-notice.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-notice-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("[SV332] a notice outlives the server; two empty texts are none; one that cannot be read, or is of a newer version, is no silent nothing", () => {
  const path = useNoticePath(folder);
  const store = new UseNoticeStore(path);
  expect(store.notice).toBeUndefined();
  const notice = { en: "Example AG\nIts use is recorded.", zh: "使用会被记录。" };
  expect(store.set({ ...notice, en: ` ${notice.en}\n` })).toEqual(notice);
  expect(new UseNoticeStore(path).notice).toEqual(notice);
  expect(store.set({ en: " ", zh: "" })).toBeUndefined();
  expect(new UseNoticeStore(path).notice).toBeUndefined();
  for (const [text, code] of [
    ["{", "DW_DAMAGED"],
    ['{"version":1,"notice":{"en":1}}', "DW_DAMAGED"],
    ['{"version":2}', "DW_FORMAT_NEWER"],
  ] as const) {
    writeFileSync(path, text);
    expect(() => new UseNoticeStore(path), text).toThrow(expect.objectContaining({ code }));
  }
});
