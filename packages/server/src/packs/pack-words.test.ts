import { afterEach, expect, test } from "vitest";
import { smallPack } from "./packs.fixture.ts";
import { block, operation, servePacks, type ServedPacks } from "./served-packs.fixture.ts";

let served: ServedPacks | undefined;
afterEach(async () => {
  await served?.close();
  served = undefined;
});

const words = {
  "words/en.json": JSON.stringify({ "brewery.noTank": "there is no tank {name}", "brewery.broken": "{", "alarms.list": "taken" }),
  "words/zh.json": JSON.stringify({ "brewery.noTank": "没有储罐 {name}", "brewery.broken": "{", "alarms.list": "taken" }),
};

async function refusing(reason: string) {
  const code = `throw Object.assign(new Error("its own words"), { code: "DW_NOT_FOUND", reason: ${reason} });`;
  served = await servePacks([
    smallPack(
      { ...words, "server/open.js": `export const open = async () => ({ handlers: { "brewery.try": async ({ view }) => { ${code} } } });` },
      block([operation("try")], { words: "./words" }),
    ),
  ]);
  const { status, body } = await served.call("GET", "/packs/brewery/try");
  expect(status).toBe(404);
  return body.error;
}

test("[PK102] what a pack refuses with a code of its words is answered in both languages, for whoever has not its words", async () => {
  expect(await refusing(`{ code: "brewery.noTank", params: { name: "T1" } }`)).toMatchObject({
    message: "there is no tank T1",
    reason: { code: "packs.says", params: { text: { en: "there is no tank T1", zh: "没有储罐 T1" } } },
  });
});

test.each([
  ["a code that its words do not have", `{ code: "brewery.gone", params: {} }`],
  ["a code of the product that its words claim", `{ code: "alarms.list", params: {} }`],
  ["no message", `"brewery.noTank"`],
  ["a message without end", `{ code: "brewery.noTank", params: { name: "x".repeat(100_000) } }`],
])("[PK102] a refusal with %s is answered in the words of its error", async (_, reason) => {
  expect(await refusing(reason)).toMatchObject({ message: "its own words", reason: { code: "verbatim" } });
});

test("[PK102] a text that cannot be read, and a parameter that is missing, harm nothing; what the server refused stays in its words", async () => {
  expect((await refusing(`{ code: "brewery.broken", params: {} }`)).message).toContain("brewery.broken");
  await served!.close();
  expect((await refusing(`{ code: "brewery.noTank", params: {} }`)).message).toContain("brewery.noTank");
  await served!.close();
  expect(await refusing(`{ code: "packs.callOver", params: {} }`)).toMatchObject({ reason: { code: "packs.callOver" } });
});
