import { message, verbatim } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { expect, onTestFinished, test } from "vitest";
import { renderEnglish } from "../../../server/src/messages/english.ts";
import { loadCatalogues, messageText, reading } from "./catalogues.ts";
import { errorText } from "./error-text.ts";

test("[U19] a message reads in the language that was asked for last, in the server's words until its texts are there", async () => {
  onTestFinished(renderEnglish);
  const gone = message("world.noBranch", { id: "{{2}} $1" });
  // tests before this one may have loaded texts
  reading.set({ ...reading.get(), words: {} });
  expect(messageText("no such branch", gone)).toBe("no such branch");
  await loadCatalogues("zh");
  expect(reading.get().t("frame.close")).toBe("关闭");
  const shown = reading.get();
  await loadCatalogues("zh");
  // nothing is drawn anew for the same texts
  expect(reading.get()).toBe(shown);
  const first = loadCatalogues("en");
  await loadCatalogues("zh");
  await first;
  expect(messageText("", gone)).toBe("没有这个分支：{{2}} $1");
  expect(errorText(new DoppelwerkError("DW_NOT_FOUND", gone))).toBe("没有这个分支：{{2}} $1");
  const { t } = reading.get();
  expect(t("world.noBranch", { id: "b1" })).toBe("没有这个分支：b1");
  expect(t.or("state.running", "runs")).toBe("运行");
  expect(t.or("state.of another machine", "as the machine says")).toBe("as the machine says");
  // what nobody translated, and what came without a message
  expect(messageText("EIO", verbatim("EIO"))).toBe("EIO");
  expect(messageText("of an older server", undefined)).toBe("of an older server");
  expect(messageText("newer", { code: "world.newer", params: {} })).toBe("newer");
  await loadCatalogues("en");
  expect(messageText("", gone)).toBe("no such branch: {{2}} $1");
});
