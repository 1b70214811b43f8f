import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { message, verbatim } from "@doppelwerk/messages";
import { expect, test } from "vitest";
import { messageOfEntry } from "@doppelwerk/world";
import { plainSentences } from "@doppelwerk/connectors/sentences";
import { toldFinding } from "./told-finding.ts";
import { toldSentence, wordsOf } from "@doppelwerk/connectors/sentences";

test("[SV62] what the server says of a connection or writes as a reason comes in English and as code with values; other words stay as they are", () => {
  expect(toldFinding({ kind: "clockOffset", source: "S100", offsetS: 37.04 })).toEqual({
    text: "clock of S100 is 37.0 s ahead; times are corrected",
    told: message("connect.clockAhead", { source: "S100", seconds: "37.0" }),
  });
  const address = "nsu=urn:plant;s=S090";
  expect(toldFinding({ kind: "finding", message: "a string where double is declared", address })).toEqual({
    text: `a string where double is declared (${address})`,
    told: message("connect.findingAt", {
      finding: { code: "connectors.whereDeclared", params: { value: { code: "connectors.string", params: {} }, value2: "double" } },
      address,
    }),
  });
  expect(toldFinding({ kind: "finding", message: "as never said before" })).toEqual({
    text: "as never said before",
    told: verbatim("as never said before"),
  });

  // a sentence about a sentence: the inner one has its code too
  const why = "the device answers illegal data address (2)";
  expect(toldFinding({ kind: "finding", message: `history: ${why}` })?.told).toMatchObject({
    params: { value: { code: "connectors.deviceAnswers", params: { value: { code: "connectors.illegalDataAddress" }, value2: "2" } } },
  });
  expect(toldFinding({ kind: "dropped", count: 3, why: "payloads larger than 100 bytes" })?.told).toMatchObject({
    code: "connect.samplesDropped",
    params: { count: 3, why: { code: "connectors.payloadsLargerBytes", params: { value: "100" } } },
  });

  const stored = message("changes.logFork", { name: "eighth" });
  expect(messageOfEntry({ reason: "whatever it reads", undo: { revision: 9 }, message: stored })).toBe(stored);
  // of releases whose logs hold the text alone
  expect(messageOfEntry({ reason: "fork: seventh place" })).toEqual({ code: "changes.logFork", params: { name: "seventh place" } });
  expect(messageOfEntry({ reason: "undo: S090 places 6 → 7", undo: { revision: 9 } })).toEqual({
    code: "changes.logUndo",
    params: { name: "S090 places 6 → 7" },
  });
  expect(messageOfEntry({ reason: "because I say so" })).toBeUndefined();
});

/** String literals of a source, the values of templates as {{1}}, {{2}}. */
function literalsOf(source: string): readonly string[] {
  const plain = [...source.matchAll(/"((?:[^"\\\n]|\\.)*)"/g)].map(([, text]) => text!);
  const templates = [...source.matchAll(/`((?:[^`\\]|\\.)*)`/g)].map(([, text]) => text!);
  return [...plain, ...templates].map((text) => text.replaceAll("\\`", "`"));
}

test("[SV62] every sentence that gets a code stands in the sources, and none is shadowed by one before it", () => {
  const packages = fileURLToPath(new URL("../../..", import.meta.url));
  const sources = ["connectors/src", "server/src", "world/src", "../features"]
    .flatMap((room) => readdirSync(join(packages, room), { recursive: true, encoding: "utf8" }).map((file) => join(packages, room, file)))
    .filter((file) => file.endsWith(".ts") && !/\.test\.ts$|plain-sentences\.ts$/.test(file))
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");
  const words = (text: string): string => text.replace(/\s+/g, " ");
  const whole = words(literalsOf(sources).join("\n"));
  for (const [code, sentence] of plainSentences) {
    // brackets and stops may belong to the sentence around
    for (const part of wordsOf(sentence)) expect(whole.includes(words(part).replace(/^\W+|\W+$/g, "")), sentence).toBe(true);
    const said = wordsOf(sentence).reduce((begun, part, at) => `${begun}${at}${part}`);
    expect(toldSentence(said)?.code, sentence).toBe(code);
  }
});
