import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  assignmentCost,
  flexibleFaults,
  jobShopFaults,
  readFlexibleJobShop,
  readJobShop,
  readQuadraticAssignment,
  WordStream,
} from "@doppelwerk/sim/optimise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runProgram } from "@doppelwerk/server";
import { addSimulateCommands } from "../command.ts";

const main = fileURLToPath(new URL("../../../../apps/doppelwerk/src/main.ts", import.meta.url));
// by hand: machine 0 alone takes 3 + 4 + 2 = 9, and a schedule of 9 exists
const jobShop = "# three jobs\n3 2\n0 3 1 2\n0 4 1 3\n1 4 0 2\n";
const flexible = "2 2 1.5\n 2 2 1 4 2 6 1 2 3\n 2 1 1 2 2 1 5 2 4\n";
const assignment = "3\n0 2 1\n2 0 3\n1 3 0\n\n0 5 2\n5 0 3\n2 3 0\n";
const files: Record<string, string> = {
  "shop.txt": jobShop,
  "flexible.fjs": flexible,
  "layout.dat": assignment,
  "bad.txt": "2 2\n0 3 1 2\n0 4 7 3\n",
};
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "doppelwerk-solve-"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
});
afterAll(() => rm(folder, { recursive: true }));

function run(...argv: string[]): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main, ...argv], { cwd: folder });
    let out = "";
    let err = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, out, err }));
  });
}

describe("doppelwerk solve", () => {
  test("[SL1] jobshop: one line of JSON, a schedule that the checker accepts, proven optimal here", async () => {
    const { code, out, err } = await run("solve", "jobshop", "shop.txt", "--seconds", "20", "--seed", "1", "--json");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out.trim().split("\n")).toHaveLength(1);
    const answer = JSON.parse(out);
    expect(Object.keys(answer)).toEqual(["objective", "lowerBound", "schedule"]);
    expect([answer.objective, answer.lowerBound]).toEqual([9, 9]);
    expect(jobShopFaults(readJobShop(jobShop), answer.schedule, 9)).toEqual([]);
  });

  test("[SL1] flexible-jobshop: machines as the file counts them", async () => {
    const { code, out } = await run("solve", "flexible-jobshop", "flexible.fjs", "--seconds", "0.3", "--json");
    expect(code).toBe(0);
    const answer = JSON.parse(out);
    expect(flexibleFaults(readFlexibleJobShop(flexible), answer.schedule, answer.objective)).toEqual([]);
    expect(answer.lowerBound).toBeLessThanOrEqual(answer.objective);
    expect(new Set(answer.schedule.map(({ machine }: { machine: number }) => machine))).toEqual(new Set([1, 2]));
  });

  test("[SL1] qap: the permutation as QAPLIB writes it, and people get words", async () => {
    const [{ code, out }, words] = await Promise.all([
      run("solve", "qap", "layout.dat", "--seconds", "0.3", "--json"),
      run("solve", "qap", "layout.dat", "--seconds", "0.3"),
    ]);
    expect(code).toBe(0);
    const answer = JSON.parse(out);
    expect(answer.schedule.toSorted()).toEqual([1, 2, 3]);
    const problem = readQuadraticAssignment(assignment);
    expect(
      assignmentCost(
        problem,
        answer.schedule.map((site: number) => site - 1),
      ),
    ).toBe(answer.objective);
    expect(words.out).toMatch(/^\d+, bound \d+: /);
  });

  test("[SL4] flow-shop and line-balancing: the sequence and the stations, proven optimal here", async () => {
    await writeFile(join(folder, "flow.txt"), "3 2\n4 1\n1 4\n3 3\n");
    const alb = "<number of tasks>\n4\n<cycle time>\n5\n<task times>\n1 3\n2 2\n3 4\n4 1\n<precedence relations>\n1,2\n2,3\n3,4\n<end>\n";
    await writeFile(join(folder, "line.alb"), alb);
    const answer = async (kind: string, file: string) => JSON.parse((await run("solve", kind, file, "--seconds", "10", "--json")).out);
    const [flow, line] = await Promise.all([answer("flow-shop", "flow.txt"), answer("line-balancing", "line.alb")]);
    // Johnson's rule: 1, 2, 0 ends at 9
    expect(flow).toEqual({ objective: 9, lowerBound: 9, schedule: [1, 2, 0] });
    expect(line).toEqual({ objective: 2, lowerBound: 2, schedule: [1, 1, 2, 2] });
  });

  test("[SL5] iterations instead of a time: the same seed is the same answer, whichever thread ends first", async () => {
    const words = new WordStream(6);
    const rows = Array.from({ length: 8 }, () => [0, 1, 2, 3, 4].map((machine) => `${machine} ${1 + words.below(60)}`).join(" "));
    await writeFile(join(folder, "same.txt"), `8 5\n${rows.join("\n")}\n`);
    const one = (): ReturnType<typeof run> => run("solve", "jobshop", "same.txt", "--iterations", "400", "--seed", "3", "--json");
    const [first, second] = await Promise.all([one(), one()]);
    expect(first.code).toBe(0);
    expect(second).toEqual(first);
  });

  test("[SL3] an interrupt ends the search, and the best so far is the answer", async () => {
    const words = new WordStream(8);
    const size = 14;
    const matrix = (): string =>
      Array.from({ length: size }, () => Array.from({ length: size }, () => words.below(50)).join(" ")).join("\n");
    await writeFile(join(folder, "long.dat"), `${size}\n${matrix()}\n${matrix()}\n`);
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main, "solve", "qap", "long.dat", "--seconds", "600"], {
      cwd: folder,
    });
    let out = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.once("data", () => {
      child.kill("SIGINT");
      child.kill("SIGINT");
    });
    const code = await new Promise((resolve) => child.once("close", resolve));
    expect(code).toBe(0);
    expect(out).toMatch(/^\d+, bound \d+: at most [\d.]+ % above the optimum\n(\d+ ){13}\d+\n$/);
  });

  test("[SL2] a bad file is one clear line with its number and exit 1, wrong words are exit 2", async () => {
    expect(await run("solve", "jobshop", "bad.txt", "--seconds", "1")).toEqual({
      code: 1,
      out: "",
      err: "doppelwerk: bad.txt: line 3: a machine must be a whole number from 0 to 1, not 7 (DW_INVALID)\n",
    });
    const missing = await run("solve", "qap", "nowhere.dat", "--seconds", "1", "--json");
    expect([missing.code, missing.out, missing.err]).toEqual([
      1,
      "",
      "doppelwerk: cannot read the file (ENOENT): nowhere.dat (DW_INVALID)\n",
    ]);
    expect(await runProgram(["solve", "knapsack", "shop.txt"], { commands: [addSimulateCommands] })).toBe(2);
    expect(await runProgram(["solve", "jobshop", "shop.txt", "--seconds", "0"], { commands: [addSimulateCommands] })).toBe(2);
    expect(await runProgram(["solve", "jobshop"], { commands: [addSimulateCommands] })).toBe(2);
  });
});
