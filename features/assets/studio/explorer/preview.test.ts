import { expect, test } from "vitest";
import { readDelimited } from "./delimited.ts";
import { grouped } from "./findings.ts";
import { firstRepairs, repairParameter, withChoice } from "./chosen-repairs.ts";
import { previewOf } from "./preview.ts";

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

test("[U49] the first bytes say what a file is; what says that it is a picture and is not is no picture", () => {
  expect(previewOf(bytes("\x89PNG\r\n"), "text/html", "a.html")).toEqual({ kind: "picture", type: "image/png" });
  expect(previewOf(bytes("%PDF-1.7"), undefined, "a")).toEqual({ kind: "pdf", type: "application/pdf" });
  expect(previewOf(bytes("glTF\x02"), undefined, "a.glb")).toEqual({ kind: "model", format: "gltf" });
  const triangle = new Uint8Array(84 + 50);
  triangle[80] = 1;
  expect(previewOf(triangle, "application/octet-stream", "a")).toEqual({ kind: "model", format: "stl" });
  expect(previewOf(triangle.subarray(1), "model/stl", "a.stl")).toEqual({ kind: "none" });
  expect(previewOf(bytes("solid part\nfacet"), "model/stl", "a")).toEqual({ kind: "model", format: "stl" });
  expect(previewOf(bytes("v 0 0 0"), undefined, "/aasx/a.obj")).toEqual({ kind: "model", format: "obj" });
  expect(previewOf(bytes("<script>"), "image/png", "a.png")).toEqual({ kind: "none" });
  expect(previewOf(bytes("<html>"), "text/html", "a.html")).toEqual({ kind: "text", type: "text/plain" });
  expect(previewOf(bytes("MZ"), "application/pdf", "a.pdf")).toEqual({ kind: "none" });
});

test("[U46] findings stand by constraint, the gravest first, then the most", () => {
  const finding = (constraint: string, severity: "error" | "warning") => ({ path: "", constraint, severity, message: "" });
  const groups = grouped([
    finding("a", "warning"),
    finding("b", "error"),
    finding("c", "error"),
    finding("c", "warning"),
    finding("a", "warning"),
  ]);
  expect(groups.map(({ constraint, severity, findings }) => [constraint, severity, findings.length])).toEqual([
    ["c", "error", 2],
    ["b", "error", 1],
    ["a", "warning", 2],
  ]);
});

const reason = { code: "aas.repair.renameInForm", params: {} };

test("[U46] what is repaired is asked for by constraint where all of it is, else finding by finding", () => {
  const repairs = [
    { how: "one way", kind: "plain" as const, reason, told: { code: "renameInForm" as const, values: [] } },
    { how: "another", kind: "guess" as const, reason, told: { code: "renameInForm" as const, values: [] } },
  ];
  const findings = [
    { path: "x", constraint: "a", severity: "error" as const, message: "", repairs },
    { path: "y", constraint: "b", severity: "error" as const, message: "" },
    { path: "z", constraint: "a", severity: "error" as const, message: "", repairs },
  ];
  const all = firstRepairs(findings, () => true);
  expect(repairParameter(findings, all)).toBe("a");
  expect(repairParameter(findings, withChoice(all, 0, undefined))).toBe("@2");
  expect(repairParameter(findings, withChoice(all, 2, 1))).toBe("@0,@2.1");
  expect(repairParameter(findings, new Map())).toBe("none");
});

test("[U49] a table is read with the separator it has, quotes and line ends as they come, never more rows than asked for", () => {
  expect(readDelimited('\ufeffa;b\r\n"x;1";"say ""yes"""\r\n', 10)).toEqual({
    rows: [
      ["a", "b"],
      ["x;1", 'say "yes"'],
    ],
    isWhole: true,
  });
  expect(readDelimited("a,b\n1,2\n3", 2)).toEqual({
    rows: [
      ["a", "b"],
      ["1", "2"],
    ],
    isWhole: false,
  });
  expect(readDelimited('a\tb\n"open\n', 9).rows).toEqual([["a", "b"], ["open\n"]]);
  expect(readDelimited("", 9)).toEqual({ rows: [], isWhole: true });
});
