import { json } from "@codemirror/lang-json";
import { EditorState } from "@codemirror/state";
import { expect, test } from "vitest";
import { firstBreak, spanOfPath } from "./json-place.ts";

const stateOf = (doc: string): EditorState => EditorState.create({ doc, extensions: [json()] });
const text = JSON.stringify(
  { modelType: "Submodel", submodelElements: [{ idShort: "A" }, { idShort: "B", value: [1, [2, 3]], 'a"b': null }], last: true },
  undefined,
  2,
);

/** What stands at the place, with its line. */
function at(path: string | readonly (string | number)[], doc = text): string {
  const state = stateOf(doc);
  const { from, to } = spanOfPath(state, path);
  return `${state.doc.lineAt(from).number} ${state.sliceDoc(from, to)}`;
}

test("[U110] the path of a finding or of a fault of zod leads to its line; of what is not there, to what would have it", () => {
  expect(at("submodelElements[1].idShort")).toBe(`8 "idShort"`);
  expect(at(["submodelElements", 1, "value", 1, 0])).toBe("12 2");
  expect(at(["submodelElements", 1, 'a"b'])).toBe(`16 "a\\"b"`);
  expect(at("submodelElements[0]")).toBe("4 {");
  expect(at("submodelElements[1].semanticId.keys[0]")).toBe("7 {");
  expect(at("submodelElements[7].idShort")).toBe(`3 "submodelElements"`);
  expect(at("")).toBe("1 {");
  expect(at("last.deeper")).toBe(`19 "last"`);
  expect(at("value", "")).toBe("1 ");
});

test("[U110] where a text stops being JSON is found wherever it is cut or spoilt", () => {
  expect(firstBreak(stateOf(text))).toBeUndefined();
  for (let length = 0; length < text.length; length += 1) {
    const broken = firstBreak(stateOf(text.slice(0, length)));
    expect(broken?.from, `cut at ${length}`).toBeLessThanOrEqual(length);
  }
  const spoilt = text.replace('"idShort": "B"', '"idShort" "B"');
  const line = stateOf(spoilt).doc.lineAt(firstBreak(stateOf(spoilt))!.from).number;
  expect(line).toBe(8);
});
