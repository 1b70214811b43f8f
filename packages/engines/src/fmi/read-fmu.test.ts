import { isMessage, textOf } from "@doppelwerk/messages";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { descriptionXml, fixtureModels } from "./fixtures/descriptions.ts";
import { binaryOf, instantiateWasm, readFmu, readModelDescription } from "./index.ts";

const here = dirname(fileURLToPath(import.meta.url));
const text = (content: string) => new TextEncoder().encode(content);
const bytesOf = (name: string) => new Uint8Array(readFileSync(join(here, "fixtures/fmu", `${name}.fmu`)));
const ball = fixtureModels.find(({ identifier }) => identifier === "BouncingBall")!;

describe("descriptions", () => {
  test("[EN10] FMI 2.0 and 3.0 are told in the same words: types, causality, variability, start, unit, limits, capabilities", () => {
    const [two, three] = ([2, 3] as const).map((standard) => readModelDescription(text(descriptionXml(ball, standard))));
    expect([two!.findings, three!.findings]).toEqual([[], []]);
    const told = (index: number) => [two, three][index]!.description!.variables.map((variable) => ({ ...variable, variability: "" }));
    expect(told(0)).toEqual(told(1));
    expect(three!.description).toMatchObject({
      standard: "FMI 3.0",
      name: "Bouncing ball",
      identifier: "BouncingBall",
      capabilities: { variableStep: true, stateSaved: true, stateSerialised: true, eventMode: true, earlyReturn: true, needsTool: false },
      experiment: { startS: 0, stopS: 3, stepS: 0.01 },
    });
    expect(two!.description!.capabilities).toMatchObject({ stateSaved: true, eventMode: false });
    expect(three!.description!.variables[4]).toMatchObject({
      name: "e",
      causality: "parameter",
      variability: "tunable",
      start: "0.7",
      min: 0.5,
      max: 1,
    });
    expect(three!.description!.variables[3]).toMatchObject({ name: "g", type: "Float64", unit: "m/s2" });
  });

  test("[EN10] types that are declared once give their variables unit, limits and items; arrays have the sizes of structural parameters", () => {
    const { description } = readModelDescription(
      text(`<fmiModelDescription fmiVersion="3.0" modelName="a &lt; b" instantiationToken="t"><CoSimulation modelIdentifier="m"/>
      <TypeDefinitions><Float64Type name="T" unit="K" min="0"/></TypeDefinitions><ModelVariables>
      <UInt64 name="n" valueReference="1" causality="structuralParameter" start="4"/>
      <Float64 name="x" valueReference="2" causality="output" declaredType="T"><Dimension valueReference="1"/><Dimension start="2"/></Float64>
      </ModelVariables></fmiModelDescription>`),
    );
    expect(description!.name).toBe("a < b");
    expect(description!.variables[1]).toMatchObject({ unit: "K", min: 0, size: 8, dimensions: [4, 2], variability: "continuous" });
  });

  const frame = (attributes: string, inside: string) => `<fmiModelDescription ${attributes}>${inside}</fmiModelDescription>`;
  const two = 'fmiVersion="2.0" modelName="m" guid="g"';
  const model = '<CoSimulation modelIdentifier="m"/>';
  test.each([
    ["<nothing", "Not well-formed"],
    ['<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><fmiModelDescription/>', "DOCTYPE"],
    ["<other/>", "<other>"],
    [frame('fmiVersion="1.0"', model), "only FMI 2.0 and 3.0"],
    [frame(two, '<ModelExchange modelIdentifier="m"/>'), "no co-simulation, only ModelExchange"],
    [frame(two, '<CoSimulation modelIdentifier="../../etc/passwd"/>'), "not an identifier of C"],
    [frame('fmiVersion="2.0" modelName="m"', model), "guid is missing"],
    [
      frame(two, `${model}<ModelVariables><ScalarVariable name="a" valueReference="-1"><Real/></ScalarVariable></ModelVariables>`),
      "unsigned 32-bit",
    ],
    [frame(two, `${model}<ModelVariables><ScalarVariable name="a" valueReference="1"/></ModelVariables>`), "has no type"],
    [
      frame(
        two,
        `${model}<ModelVariables>${'<ScalarVariable name="a" valueReference="1"><Real/></ScalarVariable>'.repeat(2)}</ModelVariables>`,
      ),
      "have this name",
    ],
  ])("[EN11] a bad description is refused with a finding: %s", (xml, why) => {
    const { description, findings } = readModelDescription(text(xml));
    expect(description).toBeUndefined();
    expect(findings.map(({ message }) => message).join()).toContain(why);
  });
});

describe("archives", () => {
  test("[EN11] no description, no zip, a bomb, and names that lead out are told; nothing is unpacked outside", () => {
    const says = (bytes: Uint8Array, limits = {}) =>
      readFmu(bytes, limits)
        .findings.map(({ message }) => message)
        .join();
    expect(says(new Uint8Array([1, 2, 3]))).toContain("no readable zip");
    expect(says(zipSync({ "other.xml": text("<a/>") }))).toContain("no modelDescription.xml");
    const xml = text(descriptionXml(ball, 3));
    expect(says(zipSync({ "modelDescription.xml": xml, "resources/bomb": new Uint8Array(2 ** 23) }))).toContain("times its size");
    const { fmu, findings } = readFmu(zipSync({ "modelDescription.xml": xml, "../../evil": text("x") }));
    expect(findings).toMatchObject([{ severity: "warning", message: expect.stringContaining("leads out") }]);
    expect([...fmu!.files.keys()]).toEqual(["/modelDescription.xml"]);
  });

  test("[EN11] which binary is run, and why none is", () => {
    const xml = text(descriptionXml(ball, 3));
    const of = (files: Record<string, Uint8Array>, description = xml) => {
      const binary = binaryOf(readFmu(zipSync({ "modelDescription.xml": description, ...files })).fmu!);
      return isMessage(binary) ? textOf(binary) : binary;
    };
    const core = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
    const component = Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0);
    expect(of({ "binaries/wasm32-wasip1/BouncingBall.wasm": core })).toMatchObject({ kind: "wasm", platform: "wasm32-wasip1" });
    expect(of({ "binaries/wasm32-wasip2/BouncingBall.wasm": core })).toMatchObject({ kind: "wasm" });
    expect(of({ "binaries/wasm32-wasip2/BouncingBall.wasm": component })).toContain("component model");
    expect(of({ "sources/all.c": text("") })).toContain("sources only");
    expect(of({ "binaries/m68k-amiga/BouncingBall.so": core })).toContain("m68k-amiga");
    expect(of({}, text(descriptionXml(ball, 3).replace("canHandleVariable", 'needsExecutionTool="true" canHandleVariable')))).toContain(
      "tool that made it",
    );
  });

  test("[EN11] whatever is changed in a description or an archive ends in findings or one error, never otherwise", () => {
    const seed = Number(process.env.FUZZ_SEED ?? 5);
    console.log(`fuzz seed ${seed}`);
    let word = seed >>> 0;
    const below = (most: number) => ((word = (Math.imul(word, 1_664_525) + 1_013_904_223) >>> 0) >>> 8) % most;
    for (let round = 0; round < 400; round++) {
      const standard = (2 + below(2)) as 2 | 3;
      const changed = mutated(text(descriptionXml(fixtureModels[below(fixtureModels.length)]!, standard)), below);
      const { description, findings } = readModelDescription(changed);
      if (description === undefined) expect(findings.some(({ severity }) => severity === "error")).toBe(true);
    }
    const whole = ["BouncingBall.2", "Feedthrough.3"].map(bytesOf);
    for (let round = 0; round < 150; round++) {
      const { fmu } = readFmu(mutated(whole[below(2)]!, below), { mostBytes: 2 ** 22 });
      if (fmu === undefined) continue;
      try {
        instantiateWasm(fmu).close();
      } catch (error) {
        expect(error).toMatchObject({ name: "DoppelwerkError" });
      }
    }
  });
});

function mutated(bytes: Uint8Array, below: (most: number) => number): Uint8Array {
  const changed = bytes.slice(0, below(20) === 0 ? below(bytes.length) : bytes.length);
  for (let times = 1 + below(4); times > 0 && changed.length > 0; times--) {
    const at = below(changed.length);
    const piece = changed.slice(at, at + 1 + below(40));
    if (below(2) === 0) changed[at] = below(256);
    else
      changed.set(
        piece.subarray(0, changed.length - below(changed.length) > piece.length ? piece.length : 1),
        below(Math.max(1, changed.length - piece.length)),
      );
  }
  return changed;
}
