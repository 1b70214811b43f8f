import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { message } from "@doppelwerk/messages";
import { connectionFailureCodes, DoppelwerkError, errorStatus } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { shownError } from "./error-text.ts";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const [english, chinese] = ["en", "zh"].map(
  (language) => JSON.parse(readFileSync(join(root, `packages/ui/words/${language}.json`), "utf8")) as Readonly<Record<string, string>>,
) as [Readonly<Record<string, string>>, Readonly<Record<string, string>>];

test("[ui V15] every code has a remedy in both languages, and no other code has one", () => {
  const codes = [...Object.keys(errorStatus), "DW_BUG"].map((code) => `error.remedy.${code}`).toSorted();
  for (const words of [english, chinese]) expect(Object.keys(words).filter((code) => code.startsWith("error.remedy."))).toEqual(codes);
  for (const code of codes)
    expect([english[code], chinese[code]]).toEqual([expect.stringMatching(/\.$/), expect.stringMatching(/\p{Script=Han}.*。$/u)]);
});

test("[ui V15] the code of a failed connection is its cause, whose message has the remedy; that of what is no error of ours is DW_BUG", () => {
  for (const code of connectionFailureCodes) {
    const reason = message("server.noServerAnswers", { server: "http://x", reason: { code, params: { address: "opc.tcp://x" } } as never });
    expect(shownError(new DoppelwerkError("DW_UNAVAILABLE", reason)).code).toBe(code);
  }
  expect(shownError(new DoppelwerkError("DW_NOT_FOUND", message("world.noBranch", { id: "branch:x" })))).toEqual({
    message: "no such branch: branch:x",
    code: "DW_NOT_FOUND",
  });
  expect(shownError(new TypeError("x is undefined"))).toEqual({ message: "x is undefined", code: "DW_BUG" });
});

test("[ui V15] no view shows the text of an error without its code", () => {
  const files = globSync("{packages/{ui,studio}/src,features/*/studio,packs/*/src/studio}/**/*.{ts,tsx}", { cwd: root });
  const withoutCode = [
    /notify\("trouble",[^;]*errorText\(/,
    /is-trouble"[^>]*>\s*\{(?:task\.|form\.)?failure\}/,
    /error=\{(?:task\.|form\.)?failure\}/,
    /setFailure\(errorText\(/,
    /<Failure (?![^>]*(?:code=|\{\.\.\.))/,
  ];
  const found = files
    .filter((file) => !file.includes(".test."))
    .flatMap((file) => {
      const text = readFileSync(join(root, file), "utf8");
      return withoutCode.flatMap((pattern) => (pattern.test(text) ? [`${file}: ${pattern.exec(text)![0]}`] : []));
    });
  expect(files.length).toBeGreaterThan(300);
  expect(found).toEqual([]);
});
